import Foundation

/// A bounded first-in first-out queue between threads: a full queue holds its senders back, which is how
/// a slow stage slows the ones before it.
public final class BlockingQueue<Element: Sendable>: @unchecked Sendable {
  // NSCondition guards every access to the fields below.
  private let condition = NSCondition()
  private var elements: [Element] = []
  private var head = 0
  private var closed = false
  private let capacity: Int

  public init(capacity: Int) { self.capacity = capacity }

  /// Waits while the queue is full. Returns false, and drops the element, once the queue is closed.
  @discardableResult
  public func send(_ element: Element) -> Bool {
    condition.withLock {
      while count >= capacity && !closed { condition.wait() }
      guard !closed else { return false }
      elements.append(element)
      condition.broadcast()
      return true
    }
  }

  /// Adds without waiting, past the capacity if need be: for the rare messages that must not deadlock.
  public func post(_ element: Element) {
    condition.withLock {
      guard !closed else { return }
      elements.append(element)
      condition.broadcast()
    }
  }

  /// The next element, or `nil` when the deadline passes first or the queue is closed and empty.
  public func receive(until deadline: Date = .distantFuture) -> Element? {
    condition.withLock {
      while count == 0 {
        if closed || !condition.wait(until: deadline) { return count > 0 ? pop() : nil }
      }
      return pop()
    }
  }

  /// Wakes everybody; what is queued can still be received.
  public func close() {
    condition.withLock {
      closed = true
      condition.broadcast()
    }
  }

  private var count: Int { elements.count - head }

  private func pop() -> Element {
    let element = elements[head]
    head += 1
    if head == elements.count || head > 1024 {
      elements.removeFirst(head)
      head = 0
    }
    condition.broadcast()
    return element
  }
}
