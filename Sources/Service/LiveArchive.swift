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
  private let changeLimit: Double
  private let content = Mutex(Content())

  private struct Content {
    var archive: Archive?
    /// Sequence numbers of the last event that it includes, and of the last that `reviewed` does.
    var sequence = 0
    var reviewedSequence = 0
    /// The archive with current reviews.
    var reviewed: Archive?
    var isReading = false
    /// When it may be read again.
    var next = ContinuousClock.now
    var problem: String?
  }

  /// Reading takes at most one `share`th of the time.
  private static let share = 10

  init(_ configuration: Configuration) {
    state = configuration.state
    minimumPatients = configuration.features.vocabulary.minimumPatients
    changeLimit = configuration.reviewChangeLimit
  }

  /// The archive as last read, with current reviews; `nil` while it is read for the first time.
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
    guard known.archive != nil else { return nil }
    return try reviewed(store, sequence)
  }

  private func reviewed(_ store: any Store, _ sequence: Int) throws -> Archive? {
    let known = content.withLock { $0.reviewedSequence == sequence ? $0.reviewed : nil }
    if let known { return known }
    let state = try ReviewState(store, changeLimit: changeLimit)
    return content.withLock { content in
      content.reviewed = content.archive?.reviewed(state)
      content.reviewedSequence = sequence
      return content.reviewed
    }
  }

  private func read(_ sequence: Int) {
    let thread = Thread { [self] in
      nice(10)
      let start = ContinuousClock.now
      let result = Result {
        try Archive(
          state.storeLocation.open(readOnly: true), bundles: state.bundles,
          minimumPatients: minimumPatients, changeLimit: changeLimit)
      }
      adopt(result, sequence)
      // The pages don't wait for it.
      if case .success(var archive) = result {
        archive.layOutNeighbours()
        adopt(.success(archive), sequence)
      }
      content.withLock { content in
        content.next = .now + start.duration(to: .now) * Self.share
        content.isReading = false
      }
    }
    thread.stackSize = 4 << 20
    thread.start()
  }

  private func adopt(_ result: Result<Archive, any Error>, _ sequence: Int) {
    content.withLock { content in
      switch result {
      case .success(let archive):
        content.archive = archive
        content.sequence = sequence
        content.reviewed = nil
        content.problem = nil
      case .failure(let error): content.problem = "\(error)"
      }
    }
  }
}
