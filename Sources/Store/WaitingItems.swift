import Core

/// What waits for something that may never come.
package protocol WaitingItems: AnyObject {
  /// How much waits of each kind, and since when the oldest does.
  func waitingSummary() throws -> [WaitingKind: (count: Int, oldest: Double)]

  func saveWaiting(_ item: WaitingItem, since: Double, isAnnounced: Bool) throws

  func dropWaiting(_ item: WaitingItem) throws
}

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
