import Core
import Foundation
import Store

/// A review as a folder of HTML pages and pictures that need nothing else.
package struct Report {
  private let archive: Archive
  private let store: Store

  package init(_ archive: Archive, store: Store) {
    self.archive = archive
    self.store = store
  }

  package static let stylePath = "style.css"

  /// A page by its path; `nil` where there is none.
  ///
  /// - Parameter form: HTML by which a reviewer says what to think of a cluster.
  package static func page(
    _ path: String, of archive: Archive, form: (ClusterProfile) -> String = { _ in "" }
  ) -> Page? {
    switch path {
    case "index.html": archive.overview
    case "map.html": archive.mapPage
    case "drift.html": archive.driftPage
    case "history.html": archive.historyPage
    case "intake.html": archive.intakePage
    default: archive.cluster(page: path).map { archive.page(of: $0, form: form($0)) }
    }
  }

  /// A picture that pages show, by its path; `nil` where there is none.
  package static func picture(_ path: String, of archive: Archive, store: Store) throws -> Data? {
    guard let cluster = archive.cluster(picture: path) else { return nil }
    return path == Archive.sheetPath(cluster.label)
      ? try ContactSheet.png(cluster.members, store: store)
      : try cluster.members.rows.first?.first.flatMap { try store.thumbnail($0) }
  }

  /// Writes everything; pages of clusters that are gone are removed.
  ///
  /// - Parameter progress: told what is being written.
  /// - Throws: `FileError`, `StoreError`.
  package func write(to folder: OutputFolder, progress: (String) -> Void = { _ in }) throws {
    var written: Set<String> = []
    func write(_ data: Data, _ path: String) throws {
      try folder.write(data, path)
      written.insert(path)
    }
    for section in Page.sections {
      guard let page = Self.page(section.path, of: archive) else { continue }
      try write(Data(page.html.utf8), page.path)
    }
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
    try folder.keepOnly(written)
    folder.sync()
  }
}
