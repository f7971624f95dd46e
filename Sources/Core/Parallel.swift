import Foundation
import Synchronization

/// Runs `body` for 0..<count on as many threads as there are cores, and returns when all are done. The threads
/// have the calling thread's niceness, which Dispatch's would not.
package func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let threads = min(count, cores)
  guard threads > 1 else { return (0..<max(0, count)).forEach(body) }
  let work = SharedWork(count: count)
  let helpers = Helper.take(threads - 1)
  for helper in helpers { helper.start { work.run(body) } }
  work.run(body)
  for helper in helpers { helper.join() }
  Helper.giveBack(helpers)
}

/// The elements' results in their order, computed on all cores; see `inParallel`.
///
/// - Throws: the error of the first element that failed, after all are done.
package func mapInParallel<Element: Sendable, Mapped: Sendable, Failure: Error>(
  _ elements: [Element], _ body: @escaping @Sendable (Element) throws(Failure) -> Mapped
) throws(Failure) -> [Mapped] {
  let results = Mutex([Result<Mapped, Failure>?](repeating: nil, count: elements.count))
  inParallel(elements.count) { index in
    let result = Result { () throws(Failure) in try body(elements[index]) }
    results.withLock { $0[index] = result }
  }
  var mapped: [Mapped] = []
  mapped.reserveCapacity(elements.count)
  for result in results.withLock({ $0 }) { mapped.append(try result!.get()) }
  return mapped
}

/// Cached, because the query costs tens of microseconds.
private let cores = ProcessInfo.processInfo.activeProcessorCount

/// A thread that waits for its next part: making one costs as much as labelling a hundred rows. A thread inherits its
/// creator's niceness and can't lower it again, so each level has its own helpers.
private final class Helper: Sendable {
  private let niceness: Int32
  private let part = Mutex<(@Sendable () -> Void)?>(nil)
  private let begin = DispatchSemaphore(value: 0)
  private let end = DispatchSemaphore(value: 0)
  private static let idle = Mutex<[Int32: [Helper]]>([:])

  private init(niceness: Int32) {
    self.niceness = niceness
    Thread { [self] in
      while true {
        begin.wait()
        part.withLock { $0.take() }?()
        end.signal()
      }
    }.start()
  }

  static func take(_ count: Int) -> [Helper] {
    let niceness = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    let ready = idle.withLock { idle in
      let taken = Array(idle[niceness, default: []].suffix(count))
      idle[niceness, default: []].removeLast(taken.count)
      return taken
    }
    return ready + (ready.count..<count).map { _ in Helper(niceness: niceness) }
  }

  static func giveBack(_ helpers: [Helper]) {
    idle.withLock { idle in
      for helper in helpers { idle[helper.niceness, default: []].append(helper) }
    }
  }

  func start(_ body: @escaping @Sendable () -> Void) {
    part.withLock { $0 = body }
    begin.signal()
  }

  func join() { end.wait() }
}

private final class SharedWork: Sendable {
  private let count: Int
  private let next = Atomic(0)

  init(count: Int) { self.count = count }

  func run(_ body: (Int) -> Void) {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(index)
    }
  }
}

/// Splits 0..<count into ranges of at most `size`.
package func chunks(_ count: Int, of size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}

/// Splits 0..<count into as few ranges of at most `most` as possible, all of one size but the last.
package func evenChunks(_ count: Int, ofAtMost most: Int) -> [Range<Int>] {
  let parts = max(1, (count + most - 1) / most)
  return chunks(count, of: max(1, (count + parts - 1) / parts))
}
