import Core
import Foundation
import Review
import Store
import Synchronization

/// The archive as the live pages show it. It is read in the background, and again when there are new events and reading
/// has not taken too much of the time.
final class LiveArchive: Sendable {
  private let state: Configuration.State
  private let minimumPatients: Int
  private let content = Mutex(Content())

  private struct Content {
    var archive: Archive?
    /// Sequence number of the last event that it includes.
    var sequence = 0
    var isReading = false
    /// When it may be read again.
    var next = ContinuousClock.now
    var problem: String?
  }

  /// Reading takes at most one `share`th of the time.
  private static let share = 10

  init(_ state: Configuration.State, minimumPatients: Int) {
    self.state = state
    self.minimumPatients = minimumPatients
  }

  /// The archive as last read, with current names and trust; `nil` while it is read for the first time.
  ///
  /// - Throws: `StoreError`; `FileError` when there is nothing to show.
  func current() throws -> Archive? {
    let store = try state.storeLocation.open(readOnly: true)
    let sequence = try store.lastSequence()
    let known = content.withLock { content -> (archive: Archive?, starts: Bool, problem: String?) in
      let starts = !content.isReading && content.sequence != sequence && content.next <= .now
      if starts { content.isReading = true }
      return (content.archive, starts, content.problem)
    }
    if known.starts { read(sequence) }
    if known.archive == nil, !known.starts, let problem = known.problem {
      throw FileError(path: state.store, problem: problem)
    }
    return known.archive?.reviewed(try store.clusters())
  }

  private func read(_ sequence: Int) {
    let thread = Thread { [self] in
      nice(10)
      let start = ContinuousClock.now
      let result = Result {
        try Archive(
          state.storeLocation.open(readOnly: true), bundles: state.bundles,
          minimumPatients: minimumPatients)
      }
      content.withLock { content in
        switch result {
        case .success(let archive):
          content.archive = archive
          content.sequence = sequence
          content.problem = nil
        case .failure(let error): content.problem = "\(error)"
        }
        content.next = .now + start.duration(to: .now) * Self.share
        content.isReading = false
      }
    }
    thread.stackSize = 4 << 20
    thread.start()
  }
}
