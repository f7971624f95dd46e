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
  static func isName(_ key: some StringProtocol) -> Bool {
    guard (1...128).contains(key.utf8.count), let first = key.utf8.first, isLetterOrDigit(first)
    else { return false }
    return key.utf8.allSatisfy {
      isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// A page's number as it stands in a path.
  static func pageNumber(_ text: Substring) -> Int? {
    guard let number = Int(text), (1...999_999).contains(number), String(number) == text else {
      return nil
    }
    return number
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

    // By hand: a static report asks for every page and picture, and regular expressions took half of its time.
    init?(_ path: String) {
      guard let slash = path.lastIndex(of: "/"), let dot = path.lastIndex(of: "."), slash < dot
      else { return nil }
      let name = path[path.index(after: slash)..<dot]
      let words = name.split(separator: "-", omittingEmptySubsequences: false)
      switch (path[..<slash], path[dot...]) {
      case ("clusters", ".html"):
        guard words.count <= 2, let id = Archive.number(words[0]),
          let page = words.count == 2 ? PagePath.pageNumber(words[1]) : 1
        else { return nil }
        self = .cluster(id, page: page)
      case ("queue", ".html"):
        guard let id = Archive.number(name) else { return nil }
        self = .queued(id)
      case ("img", ".png"):
        guard let id = Archive.number(words[0]), words.count == 1 || words.dropFirst() == ["medoid"]
        else { return nil }
        self = words.count == 1 ? .sheet(id) : .medoid(id)
      case ("studies", ".html") where PagePath.isName(name): self = .study(String(name))
      case ("img/units", ".png") where PagePath.isName(name): self = .picture(String(name))
      default: return nil
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
