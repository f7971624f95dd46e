import Core

/// Decides when a file is no longer being written: its size and time did not change for the settling time, or its last
/// change is that long ago, or its writer closed it. A file taken too early isn't lost: when it changes, it counts as
/// another version and is taken again.
struct Settling {
  private struct Sighting {
    var stamp: FileStamp
    var since: ContinuousClock.Instant
    /// When it was first seen.
    var first: ContinuousClock.Instant
  }

  /// Seconds.
  let settle: Double
  private var sightings: [FilePath: Sighting] = [:]
  /// An entry for each sighting, so that files which can't be settled yet cost nothing, however many there are.
  private var deadlines = DeadlineQueue<FilePath>()

  init(settle: Double) { self.settle = settle }

  /// How long each file has been seen changing, seconds.
  func ages(at now: ContinuousClock.Instant) -> [FilePath: Double] {
    sightings.mapValues { $0.first.duration(to: now) / .seconds(1) }
  }

  var isEmpty: Bool { sightings.isEmpty }

  /// Files that are settled if they have not changed since they were last seen. Each is returned once.
  mutating func due(at now: ContinuousClock.Instant) -> [FilePath] {
    var due: [FilePath] = []
    while let path = deadlines.removeDue(at: now) {
      // A file that was seen changing since has a later entry, too.
      if let sighting = sightings[path], deadline(sighting) <= now { due.append(path) }
    }
    return due
  }

  private func deadline(_ sighting: Sighting) -> ContinuousClock.Instant {
    sighting.since + .seconds(settle)
  }

  /// - Parameters:
  ///   - finished: the writer closed the file or renamed it into place.
  ///   - wallClock: nanoseconds since 1970, to compare with the file's time.
  /// - Returns: true when the file can be taken; it is forgotten then.
  mutating func isSettled(
    _ stamp: FileStamp, finished: Bool, now: ContinuousClock.Instant, wallClock: Int
  ) -> Bool {
    let age = Double(wallClock - stamp.version.modified) / 1e9
    if let sighting = sightings[stamp.path], sighting.stamp == stamp {
      guard finished || sighting.since.duration(to: now) >= .seconds(settle) || age >= settle else {
        return false
      }
    } else if !finished && age < settle {
      let first = sightings[stamp.path]?.first ?? now
      let sighting = Sighting(stamp: stamp, since: now, first: first)
      sightings[stamp.path] = sighting
      deadlines.insert(stamp.path, due: deadline(sighting))
      return false
    }
    sightings[stamp.path] = nil
    return true
  }

  mutating func forget(_ path: FilePath) { sightings[path] = nil }
}
