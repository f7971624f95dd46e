import Core

/// Exact Lloyd iterations with the bounds of Yinyang (Ding et al. 2015; with one group those of Hamerly 2010). A point
/// is skipped if its own centroid is certainly nearer than any other. The rest are gathered and compared with all
/// centroids by one matrix product per batch of rows. Bounds hold for masked distances too, because over a point's own
/// blocks these are Euclidean.
///
/// Labels and sums don't depend on the number of threads: rows are processed in fixed chunks, and each dimension of a
/// sum is added up in row order, in float64.
final class BoundedLloyd: @unchecked Sendable {
  // Unchecked: each thread of a step writes only its own rows or dimensions.

  private(set) var centroids: Centroids
  private(set) var iterations = 0
  let points: Points
  let k: Int
  let labels: SharedArray<Int32>
  /// Each row's squared norm.
  let norms: SharedArray<Float>
  /// Upper bound on the distance to the row's own centroid.
  let upper: SharedArray<Float>
  /// By row: lower bounds on the distance to the nearest other centroid of each lane. Centroid i is in lane i mod 8;
  /// lanes are the groups of Yinyang.
  let lower: SharedArray<SIMD8<Float>>
  /// By mask.
  let scales: [Float]
  private let parts: [Range<Int>]
  /// Labels behind `sums`.
  private let summed: SharedArray<Int32>
  private let sums: SharedArray<Double>
  private var weights: [Double]
  private var sizes: [Int]

  /// Moves not yet applied to the bounds.
  private var step: Step

  /// Factors that allow for rounding of a bound, and for the largest rounding of a distance.
  private static let slack: Float = 1 + 5e-5
  private static let roundingMargin: Float = 1.001

  /// The first steps are long anyway, and not relaxed.
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
    scales = (0..<CentroidTable.masks).map { points.layout.scale(for: BlockMask(rawValue: $0)) }
  }

  /// Iterates until no label changes, an update lowers the inertia by at most the share `tolerance`, or
  /// `maximumIterations` is reached.
  ///
  /// - Parameters:
  ///   - relaxation: factor on each centroid's move to its mean. Above 1 fewer iterations are needed, and below 2 each
  ///     still lowers the inertia: for fixed labels it is a parabola with its minimum at the means.
  ///   - progress: receives the number of changed labels after each assignment.
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

  /// Updates sums, sizes and weights to match the labels.
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

  /// Each centroid's mean over the members that have the block; a block that no member has stays unchanged.
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

  /// An empty cluster takes the point farthest from its centroid, so that k clusters stay k. A point at its centroid is
  /// left there: it would return every time.
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
        // Its bounds no longer hold.
        upper[row] = .infinity
        _ = sumUp()
        break
      }
    }
  }

  /// Decrease in inertia when centroids move to their means: Σ n ‖Δ‖², masked blocks by their own weights.
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

  /// Labels, distances and inertia for the centroids. Labels equal those of `Centroids.assign` for the row alone, which
  /// decides where two centroids are too close for float32.
  func result() -> KMeans.Result {
    assign(slack: Self.roundingMargin)
    let final = SharedArray<Int>(repeating: 0, count: points.count)
    let distances = SharedArray<Float>(repeating: 0, count: points.count)
    let squares = SharedArray<Double>(repeating: 0, count: parts.count)
    let centroids = centroids
    inParallel(parts.count) { [self] part in
      points.withRows { values in
        for row in parts[part] {
          let mask = points.masks[row]
          var label = Int(labels[row])
          if upper[row] * Self.roundingMargin >= Rows.smallest(lower[row]) {
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
