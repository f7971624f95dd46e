import Core
import Foundation
import Synchronization

/// Reads every unit's vector by several connections at once: one alone waits for the disk at every page, and for
/// a core where there is none to wait for.
public enum VectorReading {
  /// Some units, one after the other.
  public struct Part: Sendable {
    public fileprivate(set) var units: [UnitSummary] = []
    /// As many numbers for each unit.
    public fileprivate(set) var values: [Float] = []

    /// A unit's vector.
    public subscript(_ index: Int) -> ArraySlice<Float> {
      let dimensions = values.count / units.count
      return values[index * dimensions..<(index + 1) * dimensions]
    }
  }

  private static let connections = 8
  private static let parts = 128
  /// Parts that are read before they are asked for.
  private static let ahead = 16

  /// Hands on every unit under a bundle in the order of the keys. Each part is as the store was at some moment after
  /// the call.
  ///
  /// - Throws: `StoreError`, `FileError` and what `body` throws.
  public static func run(_ path: String, bundle: String, _ body: (Part) throws -> Void) throws {
    let ranges = try Store(path: path, readOnly: true).unitKeyRanges(parts)
    let reading = Reading(count: ranges.count, ahead: ahead)
    defer { reading.cancel() }
    for _ in 0..<min(connections, ranges.count) {
      Thread.detachNewThread {
        let store = Result { try Store(path: path, readOnly: true) }
        while let index = reading.next() {
          reading.finish(
            index, Result { try part(of: try store.get(), bundle: bundle, keys: ranges[index]) })
        }
      }
    }
    for index in ranges.indices { try body(reading.take(index).get()) }
  }

  private static func part(of store: Store, bundle: String, keys: Range<String>) throws -> Part {
    var part = Part()
    try store.vectors(bundle: bundle, keys: keys) { unit, vector in
      part.units.append(unit)
      part.values.append(contentsOf: vector)
    }
    return part
  }

  /// Which parts are read, by whom, and how far ahead.
  private final class Reading: Sendable {
    private let done: [BlockingQueue<Result<Part, any Error>>]
    private let room = DispatchSemaphore(value: 0)
    private let begun = Atomic(0)
    private let cancelled = Atomic(false)

    init(count: Int, ahead: Int) {
      done = (0..<count).map { _ in BlockingQueue(capacity: 1) }
      // One that was made with a value may not be let go of with a smaller one, as after an error.
      for _ in 0..<ahead { room.signal() }
    }

    /// The next part to read, once there is room for it.
    func next() -> Int? {
      room.wait()
      let index = begun.add(1, ordering: .relaxed).oldValue
      guard index < done.count, !cancelled.load(ordering: .relaxed) else {
        // So that the others end, too.
        room.signal()
        return nil
      }
      return index
    }

    func finish(_ index: Int, _ part: Result<Part, any Error>) { done[index].post(part) }

    /// Waits for a part.
    func take(_ index: Int) -> Result<Part, any Error> {
      defer { room.signal() }
      return done[index].receive() ?? .success(Part())
    }

    func cancel() {
      cancelled.store(true, ordering: .relaxed)
      room.signal()
    }
  }
}
