import Glibc

/// A bounded first-in first-out queue between threads. A full queue blocks its senders until half of it is taken, so
/// that a slow stage slows the ones before it without waking a thread for each element. Waits use the monotonic clock,
/// which no one can set back.
package final class BlockingQueue<Element: Sendable>: @unchecked Sendable {
  // The mutex guards every access to the fields below.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let filled = BlockingQueue.condition()
  private let freed = BlockingQueue.condition()
  private var elements: [Element] = []
  private var head = 0
  private var closed = false
  /// How many elements the receivers wait for.
  private var awaited = 1
  private let capacity: Int

  package init(capacity: Int) {
    self.capacity = capacity
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    for condition in [filled, freed] {
      pthread_cond_destroy(condition)
      condition.deallocate()
    }
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Waits while the queue is full. Returns false, and drops the element, once the queue is closed.
  @discardableResult
  package func send(_ element: Element) -> Bool {
    locked {
      while count >= capacity && !closed { pthread_cond_wait(freed, mutex) }
      return push(element)
    }
  }

  /// Adds without waiting, past the capacity if need be: for the rare messages that must not deadlock.
  package func post(_ element: Element) {
    locked { _ = push(element) }
  }

  /// The next element, or `nil` once the queue is closed and empty.
  package func receive() -> Element? {
    locked {
      while count == 0 && !closed { pthread_cond_wait(filled, mutex) }
      return pop()
    }
  }

  /// The next element, or `nil` when none comes in time or the queue is closed and empty.
  package func receive(within duration: Duration) -> Element? {
    locked {
      wait(for: 1, within: duration)
      return pop()
    }
  }

  /// Lets an empty queue fill up to `wanted` elements, for at most `duration`, so that the receiving thread isn't woken
  /// for each one. For queues with one receiver.
  package func gather(_ wanted: Int, within duration: Duration) {
    locked {
      guard count == 0 else { return }
      awaited = wanted
      wait(for: wanted, within: duration)
      awaited = 1
    }
  }

  /// Wakes all waiting threads; queued elements can still be received.
  package func close() {
    locked {
      closed = true
      pthread_cond_broadcast(filled)
      pthread_cond_broadcast(freed)
    }
  }

  private var count: Int { elements.count - head }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  private func wait(for wanted: Int, within duration: Duration) {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let (seconds, attoseconds) = max(duration, .zero).components
    let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
    deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    while count < wanted && !closed {
      guard pthread_cond_timedwait(filled, mutex, &deadline) != ETIMEDOUT else { return }
    }
  }

  private func push(_ element: Element) -> Bool {
    guard !closed else { return false }
    elements.append(element)
    if count >= awaited { pthread_cond_signal(filled) }
    return true
  }

  private func pop() -> Element? {
    guard count > 0 else { return nil }
    let element = elements[head]
    head += 1
    if head == elements.count {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024 {
      elements.removeFirst(head)
      head = 0
    }
    if count <= capacity / 2 { pthread_cond_signal(freed) }
    return element
  }

  private static func condition() -> UnsafeMutablePointer<pthread_cond_t> {
    let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
    return condition
  }
}
