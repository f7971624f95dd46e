import Core
import Synchronization

/// k-means over masked blocks. Several greedy k-means++ starts run on a sample; the best continues through larger
/// samples to all points by exact, bounded Lloyd iterations (`BoundedLloyd`). Samples are nested, so each stage begins
/// close to convergence, and the last needs few iterations. Up to 10,000 points there is no sample: every start runs
/// on all of them, as in scikit-learn. With `components`, centroids are fitted along the leading principal components,
/// and each point is then assigned by all coordinates that it has.
package struct KMeans: Sendable {
  package var k: Int
  /// Independent k-means++ starts. On a sample, many clusters get fewer starts. 0 needs a warm start of `k` centroids.
  package var restarts: Int
  package var seed: UInt64
  /// Leading principal components to fit in; 0 for all coordinates. See `LeadingComponents`.
  package var components: Int
  /// Maximum Lloyd iterations per stage.
  package var maximumIterations = 300
  /// A stage has converged when an update of the centroids lowers the inertia by no more than this share.
  /// The rest is far below the difference between starts; see docs/benchmarks.md.
  package var tolerance = 2e-5

  package init(k: Int, restarts: Int, seed: UInt64, components: Int = 0) {
    self.k = k
    self.restarts = restarts
    self.seed = seed
    self.components = components
  }

  package struct Result: Sendable {
    package var centroids: Centroids
    /// What `Centroids.assign` gives for each point alone.
    package var labels: [Int]
    /// Euclidean distance of each point to its centroid.
    package var distances: [Float]
    /// Sum of squared distances.
    package var inertia: Double
    /// Iterations over all points.
    package var iterations: Int
  }

  /// Maximum points without a sample.
  private static let smallest = 10_000
  /// Points that starts are compared on.
  var sampleSize: Int { max(Self.smallest, 128 * k) }
  /// See `BoundedLloyd.run`.
  private static let relaxation: Float = 1.7
  /// Starts on a sample: with more clusters, they differ less and cost more.
  private var fewStarts: Int { min(restarts, max(1, 256 / k)) }
  /// Points that k-means++ chooses from; each centroid costs a pass over them.
  private var seedingSize: Int { max(4_000, min(80 * k, 40_000)) }
  /// Tolerances on samples, as multiples of `tolerance`: a few iterations are enough to compare starts, and a sample
  /// doesn't converge to the same place as all points.
  private static let (toleranceFactor, sampleToleranceFactor) = (8.0, 3.0)
  /// Size of each sample relative to the one before.
  private static let growth = 4
  /// A sample is a copy: 256 MB at most.
  private static let largestSample = 1 << 26

  /// Fits the points, each of weight 1.
  ///
  /// - Parameters:
  ///   - warmStart: centroids of one more start; it wins over a random start that is better by less than 1 %, to keep
  ///     clusters stable.
  ///   - cancelled: checked between iterations.
  ///   - progress: receives readable messages.
  /// - Returns: `nil` when cancelled. Fewer distinct points than `k` give fewer clusters; none is empty.
  package func fit(
    _ points: Points, warmStart: Centroids? = nil, cancelled: () -> Bool = { false },
    progress: (String) -> Void = { _ in }
  ) -> Result? {
    precondition(points.count > 0)
    let start = warmStart.flatMap { $0.layout == points.layout ? $0 : nil }
    guard components > 0, let space = LeadingComponents(points, count: components) else {
      return fitAllCoordinates(points, start, cancelled, progress)
    }
    let projected = fitAllCoordinates(
      space.project(points), start.map(space.project), cancelled, progress)
    return projected.map { Result(assigning: points, toLifted: $0, from: space) }
  }

  /// - Parameter warmStart: in the points' layout.
  private func fitAllCoordinates(
    _ points: Points, _ warmStart: Centroids?, _ cancelled: () -> Bool,
    _ progress: (String) -> Void
  ) -> Result? {
    let order = points.count > min(sampleSize, seedingSize) ? shuffled(points.count) : []
    func sample(_ size: Int) -> Points {
      size >= points.count ? points : points.subset(order.prefix(size).lazy.map(Int.init))
    }
    // Few points, as in scikit-learn: every start converges on all of them.
    let isSmall = points.count <= Self.smallest
    let (starts, toleranceFactor) = isSmall ? (restarts, 1) : (fewStarts, Self.toleranceFactor)
    let relaxation = isSmall ? 1 : Self.relaxation
    func descend(_ lloyd: BoundedLloyd, _ stage: String, toleranceFactor: Double) -> Bool {
      lloyd.run(
        maximumIterations: maximumIterations, tolerance: tolerance * toleranceFactor,
        relaxation: relaxation,
        cancelled: cancelled
      ) {
        progress(
          "\(stage), \(lloyd.points.count) points: iteration \($0), \($1) labels changed")
      }
    }

    var size = min(points.count, sampleSize)
    let first = sample(size)
    let k = min(k, points.count)
    var best: (lloyd: BoundedLloyd, rank: Double)?
    if let warmStart, warmStart.k == k {
      let lloyd = BoundedLloyd(first, from: warmStart)
      guard descend(lloyd, "from the centres in force", toleranceFactor: toleranceFactor) else {
        return nil
      }
      best = (lloyd, lloyd.result().inertia * 0.99)
    }
    for (start, centroids) in seeded(starts, sample(min(size, seedingSize)), k).enumerated() {
      let lloyd = BoundedLloyd(first, from: centroids)
      guard descend(lloyd, "start \(start + 1) of \(starts)", toleranceFactor: toleranceFactor)
      else { return nil }
      let inertia = lloyd.result().inertia
      if inertia < best?.rank ?? .infinity { best = (lloyd, inertia) }
    }
    guard var lloyd = best?.lloyd else { return nil }
    best = nil
    while true {
      let isWhole = size == points.count
      guard descend(lloyd, "the best", toleranceFactor: isWhole ? 1 : Self.sampleToleranceFactor)
      else { return nil }
      if isWhole { return lloyd.result().withoutEmptyClusters }
      size *= Self.growth
      if size > min(points.count, Self.largestSample / points.dimensions) { size = points.count }
      lloyd = BoundedLloyd(sample(size), from: lloyd.centroids)
    }
  }

  /// The initial centroids of each start.
  private func seeded(_ starts: Int, _ points: Points, _ k: Int) -> [Centroids] {
    let seeded = Mutex([Centroids?](repeating: nil, count: starts))
    inParallel(starts) { start in
      var generator = SeededGenerator(seed: seed &+ UInt64(start))
      let centroids = Seeding.centroids(points, k: k, generator: &generator)
      seeded.withLock { $0[start] = centroids }
    }
    return seeded.withLock { $0.compactMap { $0 } }
  }

  /// 0..<count in an order that depends on the seed alone.
  private func shuffled(_ count: Int) -> [Int32] {
    var generator = SeededGenerator(seed: seed ^ 0x5a)
    return (0..<Int32(count)).shuffled(using: &generator)
  }
}

extension KMeans.Result {
  /// The result without empty clusters. Equal points are all in one cluster, so surplus centroids coincide with others
  /// and would get a label for nothing.
  fileprivate var withoutEmptyClusters: KMeans.Result {
    var sizes = [Int](repeating: 0, count: centroids.k)
    for label in labels { sizes[label] += 1 }
    let kept = sizes.indices.filter { sizes[$0] > 0 }
    guard kept.count < sizes.count else { return self }
    var ranks = sizes
    for (rank, label) in kept.enumerated() { ranks[label] = rank }
    var result = self
    result.labels = labels.map { ranks[$0] }
    result.centroids = Centroids(
      layout: centroids.layout, k: kept.count, values: kept.flatMap { centroids.row($0) },
      weights: kept.flatMap { centroids.weights(of: $0) })
    return result
  }

  /// Assigns points to given centroids.
  package init(assigning points: Points, to centroids: Centroids) {
    self = BoundedLloyd(points, from: centroids).result()
  }

  /// Assigns points to centroids fitted in fewer dimensions. A point that lacks a block is compared by the blocks that
  /// it has, like every later one.
  fileprivate init(
    assigning points: Points, toLifted fit: KMeans.Result, from space: LeadingComponents
  ) {
    let k = fit.centroids.k
    let none = [Double](repeating: 0, count: k * Block.allCases.count)
    var result = KMeans.Result(
      assigning: points,
      to: Centroids(layout: points.layout, k: k, values: space.lift(fit.centroids), weights: none))
    for (label, mask) in zip(result.labels, points.masks) {
      for block in Block.allCases where mask.contains(block) {
        result.centroids.weights[label * Block.allCases.count + block.rawValue] += 1
      }
    }
    result.iterations = fit.iterations
    self = result.withoutEmptyClusters
  }
}
