import Core
import Foundation

/// What waits for the workers, by folder: first come, first served, but a folder of very many files lets others pass,
/// so that a study of thousands of slices keeps no other one waiting. Few folders are open at a time, for the files
/// of a study must not be further apart than the quiet time. A full queue holds its sender back until half of it is
/// taken.
package final class FolderQueue<Element: Sendable>: @unchecked Sendable {
  private final class Lane {
    let folder: FilePath
    var elements: [Element] = []
    /// The first that was not taken.
    var head = 0
    init(_ folder: FilePath) { self.folder = folder }
  }

  /// Files of one folder that are taken before it is another's turn, and folders that take turns.
  static var turn: Int { 256 }
  static var mostOpen: Int { 8 }

  private let capacity: Int
  // Guards what follows. Senders wait for a full queue and receivers for an empty one, so that it never has both.
  private let changed = NSCondition()
  private var lanes: [FilePath: Lane] = [:]
  /// Folders that take turns, and those that come after them.
  private var open: [Lane] = []
  private var later: [Lane] = []
  private var laterHead = 0
  /// Whose turn it is, and how many files it has had.
  private var place = 0
  private var taken = 0
  private var count = 0
  private var isClosed = false

  package init(capacity: Int) { self.capacity = capacity }

  /// Waits while the queue is full; drops the element once it is closed.
  package func send(_ element: Element, folder: FilePath) {
    changed.lock()
    defer { changed.unlock() }
    while count >= capacity && !isClosed { changed.wait() }
    guard !isClosed else { return }
    let lane = lanes[folder] ?? add(folder)
    lane.elements.append(element)
    count += 1
    changed.signal()
  }

  /// The next element; `nil` once the queue is closed.
  package func receive() -> Element? {
    changed.lock()
    defer { changed.unlock() }
    while count == 0 && !isClosed { changed.wait() }
    guard !isClosed else { return nil }
    let lane = open[place]
    let element = lane.elements[lane.head]
    lane.head += 1
    taken += 1
    count -= 1
    if lane.head == lane.elements.count {
      finish(lane)
    } else {
      Self.letGo(&lane.elements, &lane.head)
      if taken == Self.turn { (place, taken) = ((place + 1) % open.count, 0) }
    }
    if count == capacity / 2 { changed.broadcast() }
    return element
  }

  /// Drops what is left.
  package func close() {
    changed.lock()
    isClosed = true
    changed.broadcast()
    changed.unlock()
  }

  private func add(_ folder: FilePath) -> Lane {
    let lane = Lane(folder)
    lanes[folder] = lane
    if open.count < Self.mostOpen { open.append(lane) } else { later.append(lane) }
    return lane
  }

  /// Ends the turn of a folder of which all is taken.
  private func finish(_ lane: Lane) {
    lanes[lane.folder] = nil
    lane.elements = []
    open.remove(at: place)
    if laterHead < later.count {
      open.append(later[laterHead])
      laterHead += 1
    }
    Self.letGo(&later, &laterHead)
    (place, taken) = (place < open.count ? place : 0, 0)
  }

  /// Forgets what was taken, now and then: each time would cost the square.
  private static func letGo<Member>(_ members: inout [Member], _ head: inout Int) {
    guard head == members.count || head >= 1_024 && 2 * head >= members.count else { return }
    members.removeFirst(head)
    head = 0
  }
}
