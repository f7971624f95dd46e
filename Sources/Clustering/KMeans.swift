import Core

/// Lloyd's k-means over masked blocks: several k-means++ starts, the best kept.
public struct KMeans: Sendable {
  public var k: Int
  /// Independent k-means++ starts.
  public var seeds: Int
  public var seed: UInt64
  /// Lloyd iterations of one start at most.
  public var maximumIterations = 300
  /// A start has converged when the centres' mean squared shift falls below this share of the data's
  /// variance.
  public var tolerance = 1e-4

  public init(k: Int, seeds: Int, seed: UInt64) {
    self.k = k
    self.seeds = seeds
    self.seed = seed
  }

  public struct Result: Sendable {
    public var centroids: Centroids
    public var labels: [Int]
    /// Euclidean distance of each point to its centre.
    public var distances: [Float]
    /// Sum of squared distances.
    public var inertia: Double
    public var iterations: Int
  }

  /// Fits the points, each of weight 1.
  ///
  /// - Parameters:
  ///   - warmStart: centres to begin one more start from; it wins over a random start that is better by
  ///     less than 1 %, because it keeps clusters what they were.
  ///   - cancelled: asked between iterations.
  /// - Returns: `nil` when cancelled. There are fewer than `k` clusters when there are fewer points.
  public func fit(
    _ points: Points, warmStart: Centroids? = nil, cancelled: () -> Bool = { false }
  ) -> Result? {
    precondition(points.count > 0)
    var best: Result?
    if let warmStart, warmStart.k == min(k, points.count), warmStart.layout == points.layout {
      guard let result = iterate(points, from: warmStart, cancelled) else { return nil }
      best = result
      best?.inertia = result.inertia * 0.99
    }
    for start in 0..<seeds {
      var generator = SeededGenerator(seed: seed &+ UInt64(start))
      let centroids = Seeding.centroids(points, k: min(k, points.count), generator: &generator)
      guard let result = iterate(points, from: centroids, cancelled) else { return nil }
      if result.inertia < best?.inertia ?? .infinity { best = result }
    }
    guard var best else { return nil }
    best.inertia = best.distances.reduce(0) { $0 + Double($1) * Double($1) }
    return best
  }

  private func iterate(_ points: Points, from start: Centroids, _ cancelled: () -> Bool) -> Result?
  {
    var centroids = start
    let threshold = tolerance * Self.meanVariance(points)
    var labels: [Int] = []
    var iterations = 0
    while iterations < maximumIterations {
      guard !cancelled() else { return nil }
      iterations += 1
      let assigned = BatchAssignment(centroids)(points)
      let same = assigned.labels == labels
      labels = assigned.labels
      if same { break }
      let previous = centroids.values
      centroids = Self.means(
        points, labels, assigned.squaredDistances, k: centroids.k, previous: previous)
      let shift = zip(previous, centroids.values).reduce(0.0) {
        $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
      }
      if shift <= threshold { break }
    }
    let final = BatchAssignment(centroids)(points)
    return Result(
      centroids: centroids, labels: final.labels,
      distances: final.squaredDistances.map { $0.squareRoot() },
      inertia: final.squaredDistances.reduce(0) { $0 + Double($1) }, iterations: iterations)
  }

  /// Each centre's mean over the members that have the block. An empty cluster takes the point farthest
  /// from its centre, so that k clusters stay k; a block that no member has stays where it was.
  private static func means(
    _ points: Points, _ labels: [Int], _ squaredDistances: [Float], k: Int, previous: [Float]
  ) -> Centroids {
    let dimensions = points.dimensions
    let blocks = Block.allCases.count
    var labels = labels
    var sizes = [Int](repeating: 0, count: k)
    for label in labels { sizes[label] += 1 }
    let empty = (0..<k).filter { sizes[$0] == 0 }
    if !empty.isEmpty {
      let farthest = labels.indices.sorted {
        (squaredDistances[$0], $1) > (squaredDistances[$1], $0)
      }
      var candidates = farthest.makeIterator()
      for cluster in empty {
        while let row = candidates.next() {
          guard sizes[labels[row]] > 1 else { continue }
          sizes[labels[row]] -= 1
          sizes[cluster] = 1
          labels[row] = cluster
          break
        }
      }
    }
    var sums = [Double](repeating: 0, count: k * dimensions)
    var weights = [Double](repeating: 0, count: k * blocks)
    for (row, label) in labels.enumerated() {
      for block in Block.allCases where points.masks[row].contains(block) {
        weights[label * blocks + block.rawValue] += 1
      }
      for dimension in 0..<dimensions {
        sums[label * dimensions + dimension] += Double(points.values[row * dimensions + dimension])
      }
    }
    var values = previous
    for cluster in 0..<k {
      for block in Block.allCases {
        let weight = weights[cluster * blocks + block.rawValue]
        guard weight > 0 else { continue }
        for dimension in points.layout.range(of: block) {
          values[cluster * dimensions + dimension] = Float(
            sums[cluster * dimensions + dimension] / weight)
        }
      }
    }
    return Centroids(layout: points.layout, k: k, values: values, weights: weights)
  }

  /// The mean over the dimensions of their variance.
  private static func meanVariance(_ points: Points) -> Double {
    let dimensions = points.dimensions
    var sum = [Double](repeating: 0, count: dimensions)
    var squares = [Double](repeating: 0, count: dimensions)
    for row in 0..<points.count {
      for dimension in 0..<dimensions {
        let value = Double(points.values[row * dimensions + dimension])
        sum[dimension] += value
        squares[dimension] += value * value
      }
    }
    let count = Double(points.count)
    return zip(sum, squares).reduce(0) { $0 + $1.1 / count - ($1.0 / count) * ($1.0 / count) }
      / Double(max(1, dimensions))
  }
}
