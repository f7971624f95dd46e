import Core
import Foundation
import Synchronization
import Testing

@Suite struct BlockingQueueTests {
  @Test func `elements come in order`() {
    let queue = BlockingQueue<Int>(capacity: 10)
    for value in 0..<5 { queue.send(value) }
    #expect((0..<5).map { _ in queue.receive() } == [0, 1, 2, 3, 4])
  }

  @Test func `a full queue holds its sender back`() {
    let queue = BlockingQueue<Int>(capacity: 2)
    let sent = Atomic(0)
    let count = 2_000
    withExtendedLifetime(queue) {
      let sender = DispatchGroup()
      DispatchQueue.global().async(group: sender) {
        for value in 0..<count {
          queue.send(value)
          sent.store(value + 1, ordering: .sequentiallyConsistent)
        }
      }
      for value in 0..<count {
        #expect(queue.receive() == value)
        #expect(sent.load(ordering: .sequentiallyConsistent) <= value + 3)
      }
      sender.wait()
    }
  }

  @Test func `a closed queue gives what it has, then nothing, and takes nothing`() {
    let queue = BlockingQueue<Int>(capacity: 4)
    queue.send(1)
    queue.close()
    #expect(!queue.send(2))
    #expect(queue.receive() == 1)
    #expect(queue.receive() == nil)
  }

  @Test func `closing wakes a waiting receiver`() {
    let queue = BlockingQueue<Int>(capacity: 1)
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { queue.close() }
    #expect(queue.receive() == nil)
  }

  @Test(arguments: [Duration.zero, .milliseconds(30), .seconds(-1)])
  func `an empty queue is waited for no longer than asked`(_ duration: Duration) {
    #expect(BlockingQueue<Int>(capacity: 1).receive(within: duration) == nil)
  }
}
