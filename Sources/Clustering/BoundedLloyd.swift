import Core

/// Lloyd's iterations, exact, with the bounds of Yinyang (Ding et al. 2015; with one group those of Hamerly
/// 2010): a point whose distance to its own centre is surely below that to every other one is not looked at.
/// The others are gathered and compared with all centres by one matrix product for each batch of rows. Bounds
/// hold for masked distances too, because over a point's own blocks these are Euclidean.
///
/// Labels and sums don't depend on the number of threads: rows are dealt with in fixed chunks, and each
/// dimension of a sum is added up in the order of the rows, in float64.
final class BoundedLloyd: @unchecked Sendable {
  // Unchecked: the threads of one step write only the rows or the dimensions that are theirs.

  private(set) var centroids: Centroids
  private(set) var iterations = 0
  let points: Points
  let k: Int
  let labels: SharedArray<Int32>
  /// Each row's squared norm.
  let norms: SharedArray<Float>
  /// At least the distance to the own centre.
  let upper: SharedArray<Float>
  /// By row: at most the distance to the nearest other centre of each lane. Centre i is in lane i mod 8; lanes are
  /// the groups of Yinyang.
  let lower: SharedArray<SIMD8<Float>>
  /// By mask.
  let scales: [Float]
  private let parts: [Range<Int>]
  /// Labels that `sums` are of.
  private let summed: SharedArray<Int32>
  private let sums: SharedArray<Double>
  private var weights: [Double]
  private var sizes: [Int]

  /// Moves that the bounds don't know of yet.
  private var step: Step

  /// What rounding may do to a bound, and what it may do to a distance at most.
  private static let slack: Float = 1 + 5e-5
  private static let doubt: Float = 1.001

  /// The first steps are long by themselves, and not relaxed.
  private static let plainIterations = 2

  init(_ points: Points, from start: Centroids) {
    self.points = points
    centroids = start
    k = start.k
    parts = chunks(points.count, of: 4096)
    labels = SharedArray(repeating: -1, count: points.count)
    summed = SharedArray(repeating: -1, count: points.count)
    norms = points.norms()
    upper = SharedArray(repeating: .infinity, count: points.count)
    lower = SharedArray(repeating: .zero, count: points.count)
    sums = SharedArray(repeating: 0, count: k * points.dimensions)
    weights = [Double](repeating: 0, count: k * Block.allCases.count)
    sizes = [Int](repeating: 0, count: k)
    step = Step(start, moves: nil)
    scales = (0..<CenterTable.masks).map { points.layout.scale(for: BlockMask(rawValue: $0)) }
  }

  /// Iterates until nothing changes, until an update lowers the inertia by at most `tolerance` of it, or for so
  /// many iterations.
  ///
  /// - Parameters:
  ///   - relaxation: centres move so many times as far as their means lie. Above 1 fewer iterations are needed, and
  ///     below 2 each still lowers the inertia: for fixed labels that is a parabola with its lowest point at the means.
  ///   - progress: told after each assignment how many labels changed.
  /// - Returns: false when cancelled.
  func run(
    maximumIterations: Int, tolerance: Double, relaxation: Float = 1, cancelled: () -> Bool,
    progress: (_ iteration: Int, _ changed: Int) -> Void = { _, _ in }
  ) -> Bool {
    while iterations < maximumIterations {
      guard !cancelled() else { return false }
      iterations += 1
      assign(slack: Self.slack)
      let changed = sumUp()
      progress(iterations, changed)
      if changed == 0 && relaxation == 1 { return true }
      let before = centroids.values
      centroids = means()
      var moves = zip(before, centroids.values).map { $1 - $0 }
      let isSettled = gain(moves) <= tolerance * inertiaAtMost
      if !isSettled && iterations > Self.plainIterations && iterations < maximumIterations {
        moves = moves.map { $0 * relaxation }
        centroids.values = zip(before, moves).map { $0 + $1 }
      }
      step = Step(centroids, moves: moves)
      if isSettled { return true }
    }
    return true
  }

  private func assign(slack: Float) {
    let step = step
    inParallel(parts.count) { [self] part in assign(parts[part], step, slack: slack) }
    self.step = Step(centroids, moves: nil)
  }

  /// Brings sums, sizes and weights up to the labels.
  ///
  /// - Returns: how many labels changed.
  private func sumUp() -> Int {
    var changed: [Int] = []
    for row in 0..<points.count where labels[row] != summed[row] {
      changed.append(row)
      count(-1, row, summed[row])
      count(1, row, labels[row])
    }
    // Few rows are not worth a thread.
    let isMuch = changed.count * points.dimensions > 1 << 18
    let slices = chunks(points.dimensions, of: isMuch ? 64 : max(1, points.dimensions))
    let rows = changed
    inParallel(slices.count) { [self] slice in
      points.withRows { values in
        for row in rows {
          let x = values + row * points.dimensions
          let (old, new) = (Int(summed[row]), Int(labels[row]))
          if old >= 0 { add(-1, x, old, slices[slice]) }
          add(1, x, new, slices[slice])
        }
      }
    }
    for row in changed { summed[row] = labels[row] }
    return changed.count
  }

  private func count(_ sign: Int, _ row: Int, _ label: Int32) {
    guard label >= 0 else { return }
    sizes[Int(label)] += sign
    for block in Block.allCases where points.masks[row].contains(block) {
      weights[Int(label) * Block.allCases.count + block.rawValue] += Double(sign)
    }
  }

  private func add(_ sign: Double, _ x: UnsafePointer<Float>, _ label: Int, _ slice: Range<Int>) {
    let sum = sums.base + label * points.dimensions
    for dimension in slice { sum[dimension] += sign * Double(x[dimension]) }
  }

  /// Each centre's mean over the members that have the block; a block that no member has stays where it was.
  private func means() -> Centroids {
    if sizes.contains(0) { fillEmpty() }
    let blocks = Block.allCases.count
    var values = centroids.values
    for cluster in 0..<k {
      for block in Block.allCases where weights[cluster * blocks + block.rawValue] > 0 {
        for dimension in points.layout.range(of: block) {
          let at = cluster * points.dimensions + dimension
          values[at] = Float(sums[at] / weights[cluster * blocks + block.rawValue])
        }
      }
    }
    return Centroids(layout: points.layout, k: k, values: values, weights: weights)
  }

  /// An empty cluster takes the point farthest from its centre, so that k clusters stay k. A point at its
  /// centre is left there: it would go back, again and again.
  private func fillEmpty() {
    let distances = result().distances
    let farthest = (0..<points.count).filter { distances[$0] > 0 }.sorted {
      (distances[$0], $1) > (distances[$1], $0)
    }
    var candidates = farthest.makeIterator()
    for cluster in 0..<k where sizes[cluster] == 0 {
      while let row = candidates.next() {
        guard sizes[Int(labels[row])] > 1 else { continue }
        labels[row] = Int32(cluster)
        // Nothing is known about it any more.
        upper[row] = .infinity
        _ = sumUp()
        break
      }
    }
  }

  /// By how much moving centres to their means lowers the inertia: Σ n ‖Δ‖², masked blocks by their own weights.
  private func gain(_ moves: [Float]) -> Double {
    let blocks = Block.allCases.count
    return (0..<k).reduce(0.0) { total, cluster in
      Block.allCases.reduce(total) { total, block in
        let squares = points.layout.range(of: block).reduce(0.0) {
          let move = Double(moves[cluster * points.dimensions + $1])
          return $0 + move * move
        }
        return total + weights[cluster * blocks + block.rawValue] * squares
      }
    }
  }

  private var inertiaAtMost: Double {
    (0..<points.count).reduce(0.0) { $0 + Double(upper[$1]) * Double(upper[$1]) }
  }

  /// Labels, distances and inertia under the centres. A label is the one that `Centroids.assign` gives for the
  /// row alone: where two centres are so near that float32 may err, that has the last word.
  func result() -> KMeans.Result {
    assign(slack: Self.doubt)
    let final = SharedArray<Int>(repeating: 0, count: points.count)
    let distances = SharedArray<Float>(repeating: 0, count: points.count)
    let squares = SharedArray<Double>(repeating: 0, count: parts.count)
    let centroids = centroids
    inParallel(parts.count) { [self] part in
      points.withRows { values in
        for row in parts[part] {
          let mask = points.masks[row]
          var label = Int(labels[row])
          if upper[row] * Self.doubt >= Rows.smallest(lower[row]) {
            label = centroids.assign(values + row * points.dimensions, mask).cluster
          }
          let squared = centroids.squaredDistance(
            values + row * points.dimensions, mask, to: label)
          final[row] = label
          distances[row] = Float(squared.squareRoot())
          squares[part] += squared
        }
      }
    }
    return KMeans.Result(
      centroids: centroids, labels: final.array, distances: distances.array,
      inertia: squares.array.reduce(0, +), iterations: iterations)
  }
}
