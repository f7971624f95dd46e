import Core
import Foundation
import Store

/// A review as a folder of HTML pages and pictures that need nothing else.
public struct Report {
  private let archive: Archive
  private let store: Store

  public init(_ archive: Archive, store: Store) {
    self.archive = archive
    self.store = store
  }

  public static let stylePath = "style.css"

  /// The pages that there are whatever the clusters.
  public static func pages(_ archive: Archive) -> [Page] {
    [
      archive.overview, archive.mapPage, archive.driftPage, archive.historyPage,
      archive.intakePage,
    ]
  }

  /// A cluster's page.
  ///
  /// - Parameter form: HTML by which a reviewer says what to think of it.
  public static func page(_ cluster: ClusterProfile, of archive: Archive, form: String = "") -> Page
  {
    archive.page(of: cluster, form: form)
  }

  /// A picture that pages show, by its path; `nil` where there is none.
  public static func picture(_ path: String, of archive: Archive, store: Store) throws -> Data? {
    for cluster in archive.clusters {
      if path == Archive.sheetPath(cluster.label) {
        return try ContactSheet.png(cluster.members, store: store)
      }
      if path == Archive.thumbnailPath(cluster.label) {
        return try cluster.members.rows.first?.first.flatMap { try store.thumbnail($0) }
      }
    }
    return nil
  }

  /// Writes everything; pages of clusters that are gone are removed.
  ///
  /// - Parameter progress: told what is being written.
  /// - Throws: `FileError`, `StoreError`.
  public func write(to folder: String, progress: (String) -> Void = { _ in }) throws {
    for sub in ["", "/clusters", "/img"] { try makeFolder(folder + sub) }
    var written: Set<String> = []
    func write(_ data: Data, _ path: String) throws {
      try writeAtomically(data, to: folder + "/" + path)
      written.insert(path)
    }
    for page in Self.pages(archive) { try write(Data(page.html.utf8), page.path) }
    try write(Data(Style.css.utf8), Self.stylePath)
    for (index, cluster) in archive.clusters.enumerated() {
      progress("cluster \(index + 1) of \(archive.clusters.count)")
      let page = archive.page(of: cluster)
      try write(Data(page.html.utf8), page.path)
      for path in [Archive.sheetPath(cluster.label), Archive.thumbnailPath(cluster.label)] {
        if let picture = try Self.picture(path, of: archive, store: store) {
          try write(picture, path)
        }
      }
    }
    for sub in ["clusters", "img"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/" + sub)
      where !written.contains(sub + "/" + name) && name.hasPrefix("c") {
        try FileManager.default.removeItem(atPath: folder + "/" + sub + "/" + name)
      }
    }
  }
}
