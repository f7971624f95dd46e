/// Keys ordered by deadline, earliest first: a binary heap.
struct DeadlineQueue<Key> {
  private var entries: [(deadline: ContinuousClock.Instant, key: Key)] = []

  /// The earliest deadline.
  var next: ContinuousClock.Instant? { entries.first?.deadline }

  mutating func insert(_ key: Key, due deadline: ContinuousClock.Instant) {
    entries.append((deadline, key))
    var place = entries.count - 1
    while place > 0, entries[place].deadline < entries[(place - 1) / 2].deadline {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Removes and returns the first key if it is due.
  mutating func removeDue(at now: ContinuousClock.Instant) -> Key? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    let last = entries.removeLast()
    guard !entries.isEmpty else { return first.key }
    entries[0] = last
    var place = 0
    while true {
      let children = (2 * place + 1...2 * place + 2).filter { $0 < entries.count }
      guard let child = children.min(by: { entries[$0].deadline < entries[$1].deadline }),
        entries[child].deadline < entries[place].deadline
      else { return first.key }
      entries.swapAt(place, child)
      place = child
    }
  }
}
