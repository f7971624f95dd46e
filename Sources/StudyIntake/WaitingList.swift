import Core
import Store

/// Waiting items, and since when they wait. The list is kept in the store, so that ages survive a restart. It is
/// written in one transaction with other changes.
package struct WaitingList {
  private struct Entry {
    /// Seconds since 1970.
    var since: Double
    var isAnnounced: Bool
    /// Whether it has been seen waiting since the start.
    var isConfirmed: Bool
  }

  private var entries: [WaitingItem: Entry]
  /// Items whose row in the store is out of date.
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

  /// Replaces the items of a kind.
  ///
  /// - Parameter keys: since when each waits, seconds since 1970.
  package mutating func set(_ kind: WaitingKind, _ keys: [String: Double]) {
    for item in entries.keys where item.kind == kind && keys[item.key] == nil {
      end(kind, item.key)
    }
    for (key, since) in keys { begin(kind, key, at: since) }
  }

  /// Ends items from before the start that were not seen again. Call it after everything was read once.
  package mutating func endUnconfirmed() {
    for (item, entry) in entries where !entry.isConfirmed { end(item.kind, item.key) }
  }

  /// Items that have waited since before a time and that no event has announced, oldest first.
  package func overdue(before time: Double) -> [(item: WaitingItem, since: Double)] {
    entries.filter { !$0.value.isAnnounced && $0.value.since <= time }
      .map { ($0.key, $0.value.since) }
      .sorted { ($0.since, $0.item.key) < ($1.since, $1.item.key) }
  }

  /// Marks items as announced. Call it after the events are in the store.
  package mutating func announced(_ items: [WaitingItem]) {
    for item in items { entries[item]?.isAnnounced = true }
  }

  /// Writes the changes. Call it inside a transaction, and `written` after it.
  ///
  /// - Throws: `StoreError`.
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

  /// Number of items by kind, and since when the oldest has waited, seconds since 1970.
  package var summary: [WaitingKind: (count: Int, oldest: Double)] {
    entries.reduce(into: [:]) { summary, entry in
      let known = summary[entry.key.kind] ?? (0, .infinity)
      summary[entry.key.kind] = (known.count + 1, min(known.oldest, entry.value.since))
    }
  }
}
