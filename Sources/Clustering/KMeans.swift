import Core

/// k-means over masked blocks: several greedy k-means++ starts on a sample, the best of them followed through
/// larger samples to the whole by exact, bounded Lloyd iterations (`BoundedLloyd`). Samples are nested, so each
/// stage begins near its end, and the whole needs few iterations. Up to `sampleSize` points there is no sample:
/// every start runs on all of them, as in scikit-learn.
public struct KMeans: Sendable {
  public var k: Int
  /// Independent k-means++ starts. Of many clusters fewer are made, see `starts`.
  public var seeds: Int
  public var seed: UInt64
  /// Lloyd iterations of one stage at most.
  public var maximumIterations = 300
  /// A stage has converged when an update of the centres lowers the inertia by no more than this share of it.
  /// What is left then is far below what one start differs from the next; see docs/benchmarks.md.
  public var tolerance = 2e-6

  public init(k: Int, seeds: Int, seed: UInt64) {
    self.k = k
    self.seeds = seeds
    self.seed = seed
  }

  public struct Result: Sendable {
    public var centroids: Centroids
    /// What `Centroids.assign` gives for each point alone.
    public var labels: [Int]
    /// Euclidean distance of each point to its centre.
    public var distances: [Float]
    /// Sum of squared distances.
    public var inertia: Double
    /// Iterations over all points.
    public var iterations: Int
  }

  /// Points that starts are compared on.
  var sampleSize: Int { max(10_000, 256 * k) }
  /// The more clusters, the less starts differ from each other, and the more each costs.
  private var starts: Int { min(seeds, max(1, 1024 / k)) }
  /// Points that k-means++ chooses among; it costs k times as much as an iteration.
  private var seedingSize: Int { max(10_000, 40 * k) }
  /// Tolerance while starts are only compared, as a multiple of `tolerance`: the first few iterations tell them apart.
  private static let haste = 500.0
  /// How much larger each sample is than the one before.
  private static let growth = 16

  /// Fits the points, each of weight 1.
  ///
  /// - Parameters:
  ///   - warmStart: centres to begin one more start from; it wins over a random start that is better by
  ///     less than 1 %, because it keeps clusters what they were.
  ///   - cancelled: asked between iterations.
  ///   - progress: told how far it is, in words.
  /// - Returns: `nil` when cancelled. There are fewer than `k` clusters when there are fewer points.
  public func fit(
    _ points: Points, warmStart: Centroids? = nil, cancelled: () -> Bool = { false },
    progress: (String) -> Void = { _ in }
  ) -> Result? {
    precondition(points.count > 0)
    let order = points.count > min(sampleSize, seedingSize) ? shuffled(points.count) : []
    func sample(_ size: Int) -> Points {
      size >= points.count ? points : points.subset(order.prefix(size).lazy.map(Int.init))
    }
    func descend(
      _ points: Points, from start: Centroids, _ stage: String, haste: Double = 1
    ) -> BoundedLloyd? {
      let lloyd = BoundedLloyd(points, from: start)
      let isDone = lloyd.run(
        maximumIterations: maximumIterations, tolerance: tolerance * haste, cancelled: cancelled
      ) { progress("\(stage), \(points.count) points: iteration \($0), \($1) labels changed") }
      return isDone ? lloyd : nil
    }

    var size = min(points.count, sampleSize)
    let first = sample(size)
    let haste = starts + (warmStart == nil ? 0 : 1) > 1 ? Self.haste : 1
    var best: (fit: Result, rank: Double)?
    if let warmStart, warmStart.k == min(k, points.count), warmStart.layout == points.layout {
      guard
        let lloyd = descend(first, from: warmStart, "from the centres in force", haste: haste)
      else { return nil }
      let result = lloyd.result()
      best = (result, result.inertia * 0.99)
    }
    let seeding = starts > 0 ? sample(min(size, seedingSize)) : first
    for start in 0..<starts {
      guard !cancelled() else { return nil }
      var generator = SeededGenerator(seed: seed &+ UInt64(start))
      let centroids = Seeding.centroids(
        seeding, k: min(k, points.count), generator: &generator)
      let stage = "start \(start + 1) of \(starts)"
      guard let lloyd = descend(first, from: centroids, stage, haste: haste) else { return nil }
      let result = lloyd.result()
      if result.inertia < best?.rank ?? .infinity { best = (result, result.inertia) }
    }
    guard var fit = best?.fit else { return nil }
    var isSettled = haste == 1
    while !isSettled || size < points.count {
      if isSettled { size = size > points.count / Self.growth ? points.count : size * Self.growth }
      isSettled = true
      guard let lloyd = descend(sample(size), from: fit.centroids, "all starts' best") else {
        return nil
      }
      fit = lloyd.result()
    }
    return fit
  }

  /// 0..<count in an order that depends on the seed alone.
  private func shuffled(_ count: Int) -> [Int32] {
    var generator = SeededGenerator(seed: seed ^ 0x5a)
    return (0..<Int32(count)).shuffled(using: &generator)
  }
}

extension KMeans.Result {
  /// Points with centres that are given.
  public init(assigning points: Points, to centroids: Centroids) {
    self = BoundedLloyd(points, from: centroids).result()
  }
}
