import Core
import Foundation
import Store

/// A review of an archive: pages and pictures by their paths.
package struct Report {
  package let archive: Archive
  let store: any Store
  /// The reviewer to whom a daemon serves it; `nil` for a folder of files.
  let reviewing: Reviewing?
  let nearest: NearestStudies?
  private let studies: StudySelection
  /// The units on the first page of each cluster.
  private let firsts: Set<String>

  /// The studies most similar to one, nearest first.
  package typealias NearestStudies = (UnitRecord) throws -> [(unitKey: String, distance: Double)]

  /// How many a page shows.
  package static let nearestCount = 12

  package init(
    _ archive: Archive, store: any Store, studies: StudySelection = .all,
    reviewing: Reviewing? = nil, nearest: NearestStudies? = nil
  ) {
    self.archive = archive
    self.store = store
    self.studies = studies
    self.reviewing = reviewing
    self.nearest = nearest
    firsts =
      studies == .shown
      ? Set(archive.clusters.flatMap { Gallery.page(1, of: $0.keys) }) : []
  }

  /// Files that every report has, by path.
  package static let files: [String: (text: String, type: StaticString)] = [
    "style.css": (Style.css, "text/css; charset=utf-8"),
    Script.reviewPath: (Script.review, "text/javascript; charset=utf-8"),
    Script.mapPath: (Script.map, "text/javascript; charset=utf-8"),
  ]

  /// A page by its path; `nil` if there is no such page.
  ///
  /// - Throws: `StoreError`.
  package func page(_ path: String) throws -> Page? {
    switch path {
    case "index.html": return overview
    case "queue.html": return queuePage
    case "map.html": return archive.mapPage
    case "drift.html": return archive.driftPage
    case "history.html": return archive.historyPage
    case "intake.html": return archive.intakePage
    default: break
    }
    switch Target(path) {
    case .cluster(let id, let number):
      return try archive.cluster(id).map { try page(of: $0, number) } ?? endedPage(id)
    case .queued(let id) where reviewing != nil:
      return try archive.cluster(id).map { try queued($0) }
    case .study(let key):
      return try studyPage(key)
    default: return nil
    }
  }

  /// A picture by its path, as PNG; `nil` if there is no such picture.
  ///
  /// - Throws: `StoreError`.
  package func picture(_ path: String) throws -> Data? {
    switch Target(path) {
    case .picture(let key): try store.thumbnail(key)
    case .sheet(let id):
      try archive.cluster(id).flatMap { try ContactSheet.png($0.members, store: store) }
    case .medoid(let id):
      try archive.cluster(id)?.members.rows.first?.first.flatMap { try store.thumbnail($0) }
    default: nil
    }
  }

  /// Whether a unit has a page in this report.
  func hasPage(_ key: String) -> Bool {
    switch studies {
    case .all: PagePath.isName(key)
    case .shown: firsts.contains(key) && PagePath.isName(key)
    case .none: false
    }
  }

  /// The data of the map, as a script.
  package var mapData: String {
    MapData(archive, hasPage: studies == .all ? nil : hasPage).script
  }

  /// Number of pages of members that a cluster has in this report.
  func pages(of cluster: ClusterProfile) -> Int {
    switch studies {
    case .all: Gallery.pages(cluster.keys)
    case .shown: 1
    case .none: 0
    }
  }
}

/// The studies that have pages of their own in a report.
package enum StudySelection: String, Sendable, CaseIterable {
  case all
  /// Those on the first page of each cluster.
  case shown
  case none
}
