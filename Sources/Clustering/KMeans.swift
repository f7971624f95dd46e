import Core
import Synchronization

/// k-means over masked blocks: several greedy k-means++ starts on a sample, the best of them followed through
/// larger samples to the whole by exact, bounded Lloyd iterations (`BoundedLloyd`). Samples are nested, so each
/// stage begins near its end, and the whole needs few iterations. Up to 10,000 points there is no sample: every
/// start runs on all of them, as in scikit-learn. With `components`, centres are found along the leading principal
/// components and each point is then assigned to them by all coordinates that it has.
package struct KMeans: Sendable {
  package var k: Int
  /// Independent k-means++ starts. On a sample fewer are made of many clusters.
  package var seeds: Int
  package var seed: UInt64
  /// Leading principal components that a fit is made in; 0 for all coordinates. See `LeadingComponents`.
  package var components: Int
  /// Lloyd iterations of one stage at most.
  package var maximumIterations = 300
  /// A stage has converged when an update of the centres lowers the inertia by no more than this share of it.
  /// What is left then is far below what one start differs from the next; see docs/benchmarks.md.
  package var tolerance = 2e-5

  package init(k: Int, seeds: Int, seed: UInt64, components: Int = 0) {
    self.k = k
    self.seeds = seeds
    self.seed = seed
    self.components = components
  }

  package struct Result: Sendable {
    package var centroids: Centroids
    /// What `Centroids.assign` gives for each point alone.
    package var labels: [Int]
    /// Euclidean distance of each point to its centre.
    package var distances: [Float]
    /// Sum of squared distances.
    package var inertia: Double
    /// Iterations over all points.
    package var iterations: Int
  }

  /// Points that need no sample.
  private static let smallest = 10_000
  /// Points that starts are compared on.
  var sampleSize: Int { max(Self.smallest, 128 * k) }
  /// See `BoundedLloyd.run`.
  private static let relaxation: Float = 1.7
  /// Starts on a sample: the more clusters, the less they differ from each other, and the more each costs.
  private var fewStarts: Int { min(seeds, max(1, 256 / k)) }
  /// Points that k-means++ chooses among; each centre costs a pass over them.
  private var seedingSize: Int { max(4_000, min(80 * k, 40_000)) }
  /// Tolerances of samples, as multiples of `tolerance`: the first few iterations tell starts apart, and what a
  /// sample settles down to in the end is not where the whole does.
  private static let (haste, sampleHaste) = (8.0, 3.0)
  /// How much larger each sample is than the one before.
  private static let growth = 4
  /// A sample is a copy: 256 MB at most.
  private static let largestSample = 1 << 26

  /// Fits the points, each of weight 1.
  ///
  /// - Parameters:
  ///   - warmStart: centres to begin one more start from; it wins over a random start that is better by
  ///     less than 1 %, because it keeps clusters what they were.
  ///   - cancelled: asked between iterations.
  ///   - progress: told how far it is, in words.
  /// - Returns: `nil` when cancelled. There are fewer than `k` clusters when there are fewer distinct points; none is
  ///   empty.
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

  /// - Parameter warmStart: over the points' layout.
  private func fitAllCoordinates(
    _ points: Points, _ warmStart: Centroids?, _ cancelled: () -> Bool,
    _ progress: (String) -> Void
  ) -> Result? {
    let order = points.count > min(sampleSize, seedingSize) ? shuffled(points.count) : []
    func sample(_ size: Int) -> Points {
      size >= points.count ? points : points.subset(order.prefix(size).lazy.map(Int.init))
    }
    // Few points are dealt with as in scikit-learn: every start to its end, on all of them.
    let isSmall = points.count <= Self.smallest
    let (starts, haste) = isSmall ? (seeds, 1) : (fewStarts, Self.haste)
    let relaxation = isSmall ? 1 : Self.relaxation
    func descend(_ lloyd: BoundedLloyd, _ stage: String, haste: Double) -> Bool {
      lloyd.run(
        maximumIterations: maximumIterations, tolerance: tolerance * haste, relaxation: relaxation,
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
      guard descend(lloyd, "from the centres in force", haste: haste) else { return nil }
      best = (lloyd, lloyd.result().inertia * 0.99)
    }
    for (start, centroids) in seeded(starts, sample(min(size, seedingSize)), k).enumerated() {
      let lloyd = BoundedLloyd(first, from: centroids)
      guard descend(lloyd, "start \(start + 1) of \(starts)", haste: haste) else { return nil }
      let inertia = lloyd.result().inertia
      if inertia < best?.rank ?? .infinity { best = (lloyd, inertia) }
    }
    guard var lloyd = best?.lloyd else { return nil }
    best = nil
    while true {
      let isWhole = size == points.count
      guard descend(lloyd, "the best", haste: isWhole ? 1 : Self.sampleHaste) else { return nil }
      if isWhole { return lloyd.result().withoutEmptyClusters }
      size *= Self.growth
      if size > min(points.count, Self.largestSample / points.dimensions) { size = points.count }
      lloyd = BoundedLloyd(sample(size), from: lloyd.centroids)
    }
  }

  /// The centres that each start begins with.
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
  /// The same points with the clusters alone that have members. Of equal points all are in one cluster, so that centres
  /// beyond their number stand where another one does, and would be given a label of their own for nothing.
  fileprivate var withoutEmptyClusters: KMeans.Result {
    var sizes = [Int](repeating: 0, count: centroids.k)
    for label in labels { sizes[label] += 1 }
    let kept = sizes.indices.filter { sizes[$0] > 0 }
    guard kept.count < sizes.count else { return self }
    var places = sizes
    for (place, label) in kept.enumerated() { places[label] = place }
    var result = self
    result.labels = labels.map { places[$0] }
    result.centroids = Centroids(
      layout: centroids.layout, k: kept.count, values: kept.flatMap { centroids.row($0) },
      weights: kept.flatMap { centroids.weights(of: $0) })
    return result
  }

  /// Points with centres that are given.
  package init(assigning points: Points, to centroids: Centroids) {
    self = BoundedLloyd(points, from: centroids).result()
  }

  /// Points with centres that were found in a space of fewer dimensions. A point that lacks a block is compared with
  /// them by the blocks that it has, as every later one.
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
