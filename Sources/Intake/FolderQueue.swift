import Core
import Foundation

/// Files that wait for the workers, by folder: first come, first served, but a folder of very many files lets others
/// pass, so that a study of thousands of slices doesn't hold up other studies. Few folders are open at a time, because
/// the files of a study must not be further apart than the quiet time. A full queue blocks its sender until half of it
/// is taken.
package final class FolderQueue<Element: Sendable>: @unchecked Sendable {
  private final class Lane {
    let folder: FilePath
    var elements: [Element] = []
    /// Index of the first element that was not taken.
    var head = 0
    init(_ folder: FilePath) { self.folder = folder }
  }

  /// Files taken from one folder before the next one's turn, and the number of folders that take turns.
  static var turn: Int { 256 }
  static var mostOpen: Int { 8 }

  private let capacity: Int
  // Guards the fields below. Senders wait for a full queue and receivers for an empty one, so it never has both.
  private let changed = NSCondition()
  private var lanes: [FilePath: Lane] = [:]
  /// Folders that take turns, and those that wait for a turn.
  private var open: [Lane] = []
  private var later: [Lane] = []
  private var laterHead = 0
  /// Index of the folder whose turn it is, and the files taken in this turn.
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

  /// Closes the queue and drops the rest.
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

  /// Ends the turn of a folder whose files are all taken.
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

  /// Drops taken members from time to time: doing it each time would take quadratic time.
  private static func letGo<Member>(_ members: inout [Member], _ head: inout Int) {
    guard head == members.count || head >= 1_024 && 2 * head >= members.count else { return }
    members.removeFirst(head)
    head = 0
  }
}
