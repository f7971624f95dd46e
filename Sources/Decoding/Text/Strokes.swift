internal import CStrokes

/// A connected group of pixels with at least a certain contrast: a letter, a part of one, several that touch, or a
/// detail of the picture.
struct Stroke {
  var left: Int
  /// Beyond the last column.
  var right: Int
  var top: Int
  /// Beyond the last row.
  var bottom: Int
  var area = 0
  /// Runs of pixels along rows: how often rows cross its strokes.
  var runs = 0
  /// Sum of contrasts, and of their squares.
  var contrast = 0
  var squares = 0

  var height: Int { bottom - top }
  var width: Int { right - left }

  mutating func add(_ other: Stroke) {
    left = min(left, other.left)
    right = max(right, other.right)
    top = min(top, other.top)
    bottom = max(bottom, other.bottom)
    area += other.area
    runs += other.runs
    contrast += other.contrast
    squares += other.squares
  }
}

extension GreyPlane {
  /// The groups of 8-connected pixels at or above a level; `nil` when there are so many runs that it is noise.
  func strokes(from level: UInt8) -> [Stroke]? {
    let most = max(4_096, rows * columns / 12)
    return withUnsafeTemporaryAllocation(of: cstrokes_run.self, capacity: most) { runs in
      let count = cstrokes_runs(levels, rows, columns, level, runs.baseAddress, most)
      return count > most ? nil : Stroke.joining(UnsafeBufferPointer(rebasing: runs[..<count]))
    }
  }
}

extension Stroke {
  fileprivate init(_ run: cstrokes_run) {
    self.init(
      left: Int(run.start), right: Int(run.end), top: Int(run.row), bottom: Int(run.row) + 1,
      area: Int(run.end - run.start), runs: 1, contrast: Int(run.sum), squares: Int(run.squares))
  }

  /// Joins runs that touch, also at corners, in rows that follow each other.
  fileprivate static func joining(_ runs: UnsafeBufferPointer<cstrokes_run>) -> [Stroke] {
    /// Index of an earlier run of the same stroke, or a run's own.
    var parents = Array(0..<runs.count)
    func root(_ index: Int) -> Int {
      var index = index
      while parents[index] != index {
        parents[index] = parents[parents[index]]
        index = parents[index]
      }
      return index
    }
    // The first run of the row above that may touch the next one.
    var above = 0
    var first = 0
    for index in runs.indices {
      let run = runs[index]
      if run.row != runs[first].row {
        above = first
        first = index
      }
      while above < first, runs[above].row + 1 < run.row || runs[above].end < run.start {
        above += 1
      }
      var other = above
      while other < first, runs[other].start <= run.end {
        let (one, two) = (root(other), root(index))
        parents[max(one, two)] = min(one, two)
        other += 1
      }
    }
    var strokes: [Stroke] = []
    var places = [Int](repeating: 0, count: runs.count)
    for index in runs.indices {
      // Roots come first.
      let root = root(index)
      if root == index {
        places[index] = strokes.count
        strokes.append(Stroke(runs[index]))
      } else {
        strokes[places[root]].add(Stroke(runs[index]))
      }
    }
    return strokes
  }
}
