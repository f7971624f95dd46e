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

  @Test func `a full queue blocks its sender`() {
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

  @Test func `a closed queue yields its elements, then nil, and accepts nothing`() {
    let queue = BlockingQueue<Int>(capacity: 4)
    queue.send(1)
    queue.close()
    #expect(!queue.send(2))
    #expect(queue.receive() == 1)
    #expect(queue.receive() == nil)
  }

  @Test func `a blocked sender continues when half of the queue is taken`() {
    let queue = BlockingQueue<Int>(capacity: 4)
    let sent = Atomic(0)
    withExtendedLifetime(queue) {
      let sender = DispatchGroup()
      DispatchQueue.global().async(group: sender) {
        for value in 0..<6 {
          queue.send(value)
          sent.store(value + 1, ordering: .sequentiallyConsistent)
        }
      }
      while sent.load(ordering: .sequentiallyConsistent) < 4 { usleep(1_000) }
      usleep(20_000)
      #expect(queue.receive() == 0)
      usleep(20_000)
      #expect(sent.load(ordering: .sequentiallyConsistent) == 4)
      #expect(queue.receive() == 1)
      sender.wait()
      #expect((2..<6).map { _ in queue.receive() } == [2, 3, 4, 5])
    }
  }

  @Test func `gathering waits on an empty queue only`() {
    let queue = BlockingQueue<Int>(capacity: 8)
    DispatchQueue.global().async {
      for value in 0..<4 {
        usleep(2_000)
        queue.send(value)
      }
    }
    queue.gather(4, within: .seconds(60))
    #expect((0..<4).map { _ in queue.receive(within: .zero) } == [0, 1, 2, 3])
    queue.gather(2, within: .milliseconds(10))
    #expect(queue.receive(within: .zero) == nil)
    queue.send(4)
    queue.gather(2, within: .seconds(3_600))
    #expect(queue.receive() == 4)
  }

  @Test func `closing ends gathering`() {
    let queue = BlockingQueue<Int>(capacity: 2)
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.02) { queue.close() }
    queue.gather(2, within: .seconds(3_600))
    #expect(queue.receive() == nil)
  }

  @Test func `closing wakes a waiting receiver`() {
    let queue = BlockingQueue<Int>(capacity: 1)
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { queue.close() }
    #expect(queue.receive() == nil)
  }

  @Test(arguments: [Duration.zero, .milliseconds(30), .seconds(-1)])
  func `waiting on an empty queue ends in time`(_ duration: Duration) {
    #expect(BlockingQueue<Int>(capacity: 1).receive(within: duration) == nil)
  }
}
