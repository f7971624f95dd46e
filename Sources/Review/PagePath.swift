import Store

/// Paths of pages and pictures, relative to the report.
enum PagePath {
  /// - Parameter number: of a page of members, from 1.
  static func cluster(_ label: String, page number: Int = 1) -> String {
    "clusters/\(label)\(number == 1 ? "" : "-\(number)").html"
  }

  static func queue(_ label: String) -> String { "queue/\(label).html" }
  static func study(_ key: String) -> String { "studies/\(key).html" }
  static func picture(_ key: String) -> String { "img/units/\(key).png" }
  static func sheet(_ label: String) -> String { "img/\(label).png" }
  static func medoid(_ label: String) -> String { "img/\(label)-medoid.png" }

  /// Whether a unit's key can be the name of a file and part of a link. Where UIDs are not replaced by keys, it is what
  /// files say.
  static func isName(_ key: String) -> Bool {
    key.wholeMatch(of: /[0-9A-Za-z][0-9A-Za-z.\-]{0,127}/) != nil
  }
}

extension Report {
  /// What a path names.
  enum Target {
    case cluster(Int, page: Int)
    case queued(Int)
    case study(String)
    case picture(String)
    case sheet(Int)
    case medoid(Int)

    init?(_ path: String) {
      if let match = path.wholeMatch(of: /clusters\/(c\d+?)(?:-([1-9]\d{0,5}))?\.html/) {
        guard let id = Archive.number(match.1), let page = Int(match.2 ?? "1") else { return nil }
        self = .cluster(id, page: page)
      } else if let match = path.wholeMatch(of: /queue\/(c\d+)\.html/) {
        guard let id = Archive.number(match.1) else { return nil }
        self = .queued(id)
      } else if let match = path.wholeMatch(of: /img\/(c\d+)(-medoid)?\.png/) {
        guard let id = Archive.number(match.1) else { return nil }
        self = match.2 == nil ? .sheet(id) : .medoid(id)
      } else if let match = path.wholeMatch(of: /studies\/(.+)\.html/) {
        guard PagePath.isName(String(match.1)) else { return nil }
        self = .study(String(match.1))
      } else if let match = path.wholeMatch(of: /img\/units\/(.+)\.png/) {
        guard PagePath.isName(String(match.1)) else { return nil }
        self = .picture(String(match.1))
      } else {
        return nil
      }
    }
  }
}

/// What the daemon's review server needs to know of paths.
extension Report {
  package static let mapDataPath = Script.dataPath

  package static func path(_ cluster: ClusterProfile) -> String {
    PagePath.cluster(cluster.label)
  }

  package static func queuePath(_ cluster: ClusterProfile) -> String {
    PagePath.queue(cluster.label)
  }

  package static func path(unit key: String) -> String { PagePath.study(key) }

  /// The unit whose page a path names.
  package static func unit(page path: String) -> String? {
    if case .study(let key) = Target(path) { key } else { nil }
  }
}

extension Archive {
  /// The current cluster whose page, or place in the queue, a path names.
  package func cluster(page path: String) -> ClusterProfile? {
    switch Report.Target(path) {
    case .cluster(let id, page: 1), .queued(let id): cluster(id)
    default: nil
    }
  }
}
