import Core
import Foundation
import Store

/// A review as a self-contained folder of HTML pages and pictures.
package struct Report {
  private let archive: Archive
  private let store: any Store

  package init(_ archive: Archive, store: any Store) {
    self.archive = archive
    self.store = store
  }

  package static let stylePath = "style.css"

  /// A page by its path; `nil` if there is no such page.
  ///
  /// - Parameter form: HTML form to review a cluster.
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

  /// A picture of the pages by its path, as PNG; `nil` if there is no such picture.
  ///
  /// - Throws: `StoreError`.
  package static func picture(_ path: String, of archive: Archive, store: any Store) throws -> Data?
  {
    guard let cluster = archive.cluster(picture: path) else { return nil }
    return path == Archive.sheetPath(cluster.label)
      ? try ContactSheet.png(cluster.members, store: store)
      : try cluster.members.rows.first?.first.flatMap { try store.thumbnail($0) }
  }

  /// Writes all pages and removes those of clusters that are gone.
  ///
  /// - Parameter progress: receives what is being written.
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
