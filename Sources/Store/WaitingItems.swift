import Core

/// Items that wait for something that may never come.
package protocol WaitingItems: AnyObject {
  /// Number of waiting items by kind, and since when the oldest has waited, seconds since 1970.
  func waitingSummary() throws -> [WaitingKind: (count: Int, oldest: Double)]

  /// Saves an item with the time since when it waits, seconds since 1970.
  func saveWaiting(_ item: WaitingItem, since: Double, isAnnounced: Bool) throws

  /// Removes an item that no longer waits.
  func dropWaiting(_ item: WaitingItem) throws
}

/// Kinds of items that wait for something that may never come.
package enum WaitingKind: String, Sendable, CaseIterable, Hashable {
  /// A report file with a study that hasn't arrived.
  case report
  /// A complete study that waits for the first models.
  case study
  /// A file that is still being written.
  case file
}

/// One waiting item.
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
  /// The kind in words, plural.
  package var words: String {
    switch self {
    case .report: "reports without a study"
    case .study: "studies without models"
    case .file: "files that are still being written"
    }
  }
}
