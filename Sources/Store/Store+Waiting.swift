import Core

/// What can wait for something that may never come.
package enum WaitingKind: String, Sendable, CaseIterable, Hashable {
  /// A report file of which a study isn't there.
  case report
  /// A complete study that waits for the first models.
  case study
  /// A file that is still being written.
  case file
}

/// One thing that waits.
package struct WaitingItem: Sendable, Hashable {
  package var kind: WaitingKind
  /// Key of a path, or of a study.
  package var key: String

  package init(kind: WaitingKind, key: String) {
    self.kind = kind
    self.key = key
  }
}

extension WaitingKind {
  /// What it waits for.
  package var words: String {
    switch self {
    case .report: "reports without a study"
    case .study: "studies without models"
    case .file: "files that are still written"
    }
  }
}

extension Store {
  /// Everything that waits: since when, in seconds since 1970, and whether an event has said so.
  package func waitingItems() throws -> [WaitingItem: (since: Double, isAnnounced: Bool)] {
    var items: [WaitingItem: (since: Double, isAnnounced: Bool)] = [:]
    try database.run("SELECT kind, key, since, is_announced FROM waiting") { row in
      guard let kind = WaitingKind(rawValue: row.text(0)) else { return }
      items[WaitingItem(kind: kind, key: row.text(1))] = (row.double(2), row.int(3) != 0)
    }
    return items
  }

  /// How much waits of each kind, and since when the oldest does.
  package func waitingSummary() throws -> [WaitingKind: (count: Int, oldest: Double)] {
    var summary: [WaitingKind: (count: Int, oldest: Double)] = [:]
    try database.run("SELECT kind, count(*), min(since) FROM waiting GROUP BY kind") { row in
      if let kind = WaitingKind(rawValue: row.text(0)) {
        summary[kind] = (row.int(1), row.double(2))
      }
    }
    return summary
  }

  package func saveWaiting(_ item: WaitingItem, since: Double, isAnnounced: Bool) throws {
    try database.run(
      "INSERT OR REPLACE INTO waiting (kind, key, since, is_announced) VALUES (?, ?, ?, ?)",
      [
        .text(item.kind.rawValue), .text(item.key), .double(since), .int(isAnnounced ? 1 : 0),
      ])
  }

  package func dropWaiting(_ item: WaitingItem) throws {
    try database.run(
      "DELETE FROM waiting WHERE kind = ? AND key = ?",
      [.text(item.kind.rawValue), .text(item.key)]
    )
  }
}
