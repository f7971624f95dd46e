import Core

extension SQLiteStore {
  package func waitingItems() throws -> [WaitingItem: (since: Double, isAnnounced: Bool)] {
    var items: [WaitingItem: (since: Double, isAnnounced: Bool)] = [:]
    try database.run("SELECT kind, key, since, is_announced FROM waiting") { row in
      guard let kind = WaitingKind(rawValue: row.text("kind")) else { return }
      items[WaitingItem(kind: kind, key: row.text("key"))] = (
        row.double("since"), row.flag("is_announced")
      )
    }
    return items
  }

  package func waitingSummary() throws -> [WaitingKind: (count: Int, oldest: Double)] {
    var summary: [WaitingKind: (count: Int, oldest: Double)] = [:]
    try database.run(
      "SELECT kind, count(*) AS items, min(since) AS oldest FROM waiting GROUP BY kind"
    ) { row in
      if let kind = WaitingKind(rawValue: row.text("kind")) {
        summary[kind] = (row.int("items"), row.double("oldest"))
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
