import Core
import Embeddings
import Foundation
import Glibc
import Store
import Synchronization

/// Answers which units are alike, from an index of the generation in force. The index is made at the first question,
/// takes in what was annotated since at each one, and is dropped after ten minutes without any.
final class LiveSimilarity: Sendable {
  private let state: Configuration.State
  private let content = Mutex(Content())

  private struct Content {
    var index: SimilarityIndex?
    var used = ContinuousClock.now
  }

  static let patience = Duration.seconds(600)

  init(_ state: Configuration.State) { self.state = state }

  /// - Parameter request: as on the control socket. It takes the calling thread's priority, for good.
  func answer(_ request: JSON) -> JSON {
    do {
      let query = try SimilarityQuery(request)
      // Annotation goes first.
      nice(10)
      let store = try state.storeLocation.open(readOnly: true)
      return try query.answer(current(store), in: store).json
    } catch {
      return Pipeline.refusal("\(error)", error.exitCode)
    }
  }

  /// The units most like one, nearest first.
  ///
  /// - Throws: `SimilarityError`, `StoreError`.
  func nearest(to key: String, count: Int, in store: any Store) throws -> [Neighbour] {
    try current(store).nearest(to: key, count: count, in: store)
  }

  /// The index, brought up to date. One question at a time: others wait for what it reads.
  private func current(_ store: any Store) throws -> SimilarityIndex {
    let (bundle, layout) = try SimilarityIndex.current(store, bundles: state.bundles)
    return try content.withLock { content in
      content.used = .now
      if content.index?.bundle == bundle {
        try content.index?.follow(store)
      } else {
        let isNew = content.index == nil
        content.index = nil
        content.index = try SimilarityIndex(store, bundle: bundle, layout: layout)
        content.used = .now
        if isNew { dropWhenUnused() }
      }
      return content.index!
    }
  }

  private func dropWhenUnused() {
    Thread.detachNewThread { [self] in
      while true {
        Thread.sleep(forTimeInterval: 60)
        let isDropped = content.withLock { content in
          guard content.used.duration(to: .now) > Self.patience else { return false }
          content.index = nil
          return true
        }
        if isDropped { return }
      }
    }
  }
}

extension SimilarityQuery {
  static let command = "similar"

  /// A request on the control socket, parsed completely.
  init(_ request: JSON) throws(ControlRequest.Refusal) {
    var members = try ControlRequest.Members(request)
    _ = try members.number("version")
    _ = try members.text("command")
    self.init(key: try members.text("unit"), count: try members.optionalNumber("count") ?? 20)
    guard Self.counts.contains(count) else {
      throw ControlRequest.Refusal(
        description: "count has to be \(Self.counts.lowerBound) to \(Self.counts.upperBound)")
    }
    if let name = try members.optionalText("block") {
      block = Block.allCases.first { $0.name == name }
      guard block != nil else {
        throw ControlRequest.Refusal(
          description:
            "block is \(Block.allCases.map(\.name).joined(separator: ", ")), not \(name)")
      }
    }
    try members.finish()
  }
}
