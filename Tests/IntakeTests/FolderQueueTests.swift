import Core
import Foundation
import Testing

@testable import Intake

@Suite struct FolderQueueTests {
  private typealias Queue = FolderQueue<String>

  private func filled(_ folders: [(name: String, files: Int)]) -> Queue {
    let queue = Queue(capacity: 100_000)
    for folder in folders {
      for _ in 0..<folder.files { queue.send(folder.name, folder: folder.name.filePath) }
    }
    return queue
  }

  /// Folders in the order of their turns.
  private func turns(_ queue: Queue, of files: Int) -> [String] {
    (0..<files).compactMap { _ in queue.receive() }.reduce(into: []) {
      if $0.last != $1 { $0.append($1) }
    }
  }

  @Test func `small folders come whole and in order`() {
    let folders = (0..<100).map { (name: "folder \($0)", files: 1 + $0 % 7) }
    let total = folders.reduce(0) { $0 + $1.files }
    #expect(turns(filled(folders), of: total) == folders.map(\.name))
  }

  @Test func `a very large folder lets later ones pass`() {
    let queue = filled([("large", 20_000), ("small", 50)])
    #expect(turns(queue, of: Queue.turn + 51) == ["large", "small", "large"])
    // Even while it is being taken.
    queue.send("late", folder: "late".filePath)
    #expect(turns(queue, of: Queue.turn + 1).contains("late"))
  }

  @Test func `files of one folder are few turns apart, however many wait`() {
    let queue = filled((0..<100).map { ("folder \($0)", 2 * Queue.turn) })
    let order = (0..<200 * Queue.turn).compactMap { _ in queue.receive() }
    for folder in Set(order) {
      let places = order.indices.filter { order[$0] == folder }
      #expect(places.count == 2 * Queue.turn)
      #expect(places.last! - places.first! < (Queue.mostOpen + 1) * Queue.turn)
    }
  }

  @Test func `a full queue blocks its sender and loses nothing`() {
    let queue = FolderQueue<Int>(capacity: 10)
    Thread.detachNewThread {
      for number in 0..<1_000 { queue.send(number, folder: "\(number % 3)".filePath) }
    }
    #expect(Set((0..<1_000).compactMap { _ in queue.receive() }).count == 1_000)
    queue.close()
    #expect(queue.receive() == nil)
  }
}
