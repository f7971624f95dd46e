import Core
import Store

/// What waits, and since when. It is kept in the store, so that a restart doesn't make it young again, and is written
/// with other changes, in one transaction.
package struct WaitingList {
  private struct Entry {
    /// Seconds since 1970.
    var since: Double
    var isAnnounced: Bool
    /// It was seen to wait since the start.
    var isConfirmed: Bool
  }

  private var entries: [WaitingItem: Entry]
  /// Items whose row in the store is no longer as it should be.
  private var changed: Set<WaitingItem> = []

  package init(_ index: any IntakeIndex) throws {
    entries = try index.waitingItems().mapValues {
      Entry(since: $0.since, isAnnounced: $0.isAnnounced, isConfirmed: false)
    }
  }

  package var hasChanges: Bool { !changed.isEmpty }

  package mutating func begin(_ kind: WaitingKind, _ key: String, at now: Double) {
    let item = WaitingItem(kind: kind, key: key)
    guard entries[item] == nil else {
      entries[item]?.isConfirmed = true
      return
    }
    entries[item] = Entry(since: now, isAnnounced: false, isConfirmed: true)
    changed.insert(item)
  }

  package mutating func end(_ kind: WaitingKind, _ key: String) {
    let item = WaitingItem(kind: kind, key: key)
    if entries.removeValue(forKey: item) != nil { changed.insert(item) }
  }

  /// Makes `keys` all that waits of a kind.
  package mutating func set(_ kind: WaitingKind, _ keys: [String: Double]) {
    for item in entries.keys where item.kind == kind && keys[item.key] == nil {
      end(kind, item.key)
    }
    for (key, since) in keys { begin(kind, key, at: since) }
  }

  /// After everything was looked at: what waited before the start and was not met again is gone.
  package mutating func endUnconfirmed() {
    for (item, entry) in entries where !entry.isConfirmed { end(item.kind, item.key) }
  }

  /// Items that have waited since before a time and that no event has named.
  package func overdue(before time: Double) -> [(item: WaitingItem, since: Double)] {
    entries.filter { !$0.value.isAnnounced && $0.value.since <= time }
      .map { ($0.key, $0.value.since) }
      .sorted { ($0.since, $0.item.key) < ($1.since, $1.item.key) }
  }

  /// After the events are in the store.
  package mutating func announced(_ items: [WaitingItem]) {
    for item in items { entries[item]?.isAnnounced = true }
  }

  /// Writes what has changed; call it inside a transaction, and `written` after it.
  package func write(to store: any Store) throws {
    for item in changed {
      if let entry = entries[item] {
        try store.saveWaiting(item, since: entry.since, isAnnounced: entry.isAnnounced)
      } else {
        try store.dropWaiting(item)
      }
    }
  }

  package mutating func written() { changed = [] }

  /// How much waits of each kind, and since when the oldest does.
  package var summary: [WaitingKind: (count: Int, oldest: Double)] {
    entries.reduce(into: [:]) { summary, entry in
      let known = summary[entry.key.kind] ?? (0, .infinity)
      summary[entry.key.kind] = (known.count + 1, min(known.oldest, entry.value.since))
    }
  }
}
