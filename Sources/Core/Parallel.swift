import Foundation
import Synchronization

/// Runs `body` for 0..<count on as many threads as there are cores, and returns when all are done. The threads
/// take over the calling thread's niceness, which Dispatch's would not.
public func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let threads = min(count, cores)
  guard threads > 1 else { return (0..<max(0, count)).forEach(body) }
  let work = SharedWork(count: count)
  for _ in 1..<threads {
    let thread = Thread {
      work.run(body)
      work.left.signal()
    }
    thread.start()
  }
  work.run(body)
  for _ in 1..<threads { work.left.wait() }
}

/// Asking costs tens of microseconds.
private let cores = ProcessInfo.processInfo.activeProcessorCount

private final class SharedWork: Sendable {
  private let count: Int
  private let next = Atomic(0)
  let left = DispatchSemaphore(value: 0)

  init(count: Int) { self.count = count }

  func run(_ body: (Int) -> Void) {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(index)
    }
  }
}

/// The parts of 0..<count of at most `size` each.
public func chunks(_ count: Int, of size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
