import Foundation
import Glibc
import Synchronization

/// A long computation on a thread of its own, at low priority, so that annotation continues.
final class BackgroundJob: Sendable {
  let name: String
  private let cancelled = Atomic(false)
  private let stage = Mutex("")
  private let onCancel = Mutex<(@Sendable () -> Void)?>(nil)

  init(_ name: String) { self.name = name }

  /// Progress in words.
  var progress: String {
    get { stage.withLock { $0 } }
    set { stage.withLock { $0 = newValue } }
  }

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
  func cancel() {
    cancelled.store(true, ordering: .relaxed)
    onCancel.withLock { $0 }?()
  }

  /// Sets what `cancel` does in addition, for work that blocks instead of polling `isCancelled`.
  func whenCancelled(_ body: @escaping @Sendable () -> Void) {
    onCancel.withLock { $0 = body }
    if isCancelled { body() }
  }

  func start(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread {
      // On Linux this is the calling thread's own niceness.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      body()
    }
    // Eigenvectors and sorting of large arrays need more than a secondary thread's 512 KB.
    thread.stackSize = 16 << 20
    thread.start()
  }
}
