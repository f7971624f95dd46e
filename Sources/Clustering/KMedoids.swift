import Core

/// k-medoids by FasterPAM (Schubert and Rousseeuw 2021, "Fast and eager k-medoids clustering"): every
/// improving swap is done at once, and each candidate is weighed against all medoids in one pass.
public struct KMedoids: Sendable {
  /// At least 2.
  public var k: Int
  /// Random starts; the best is kept.
  public var seeds: Int
  public var seed: UInt64
  /// Passes over all candidates of one start at most.
  public var maximumPasses = 100

  public init(k: Int, seeds: Int, seed: UInt64) {
    precondition(k >= 2)
    self.k = k
    self.seeds = seeds
    self.seed = seed
  }

  public struct Result: Sendable, Equatable {
    /// Rows of the medoids, by cluster.
    public var medoids: [Int]
    public var labels: [Int]
    /// Sum of the distances of all points to their medoids.
    public var loss: Double
    public var swaps: Int
  }

  /// - Parameters:
  ///   - distances: n × n, symmetric, zero on the diagonal.
  ///   - cancelled: asked after each pass.
  /// - Returns: `nil` when cancelled. There are fewer than `k` clusters when there are fewer points.
  public func fit(_ distances: Matrix<Float>, cancelled: () -> Bool = { false }) -> Result? {
    precondition(distances.rows == distances.columns && distances.rows > 0)
    var best: Result?
    for start in 0..<seeds {
      var generator = SeededGenerator(seed: seed &+ UInt64(start))
      let rows = Array(0..<distances.rows).shuffled(using: &generator)
      var swapping = MedoidSwapping(distances, medoids: Array(rows.prefix(k)))
      guard swapping.run(maximumPasses: maximumPasses, cancelled) else { return nil }
      if swapping.loss < best?.loss ?? .infinity {
        best = Result(
          medoids: swapping.medoids, labels: swapping.nearest.map(\.position), loss: swapping.loss,
          swaps: swapping.swaps)
      }
    }
    return best
  }
}

/// One descent: the medoids, and for each point its nearest and second nearest one.
private struct MedoidSwapping {
  struct Neighbor {
    var position: Int
    var distance: Float
  }

  private let distances: Matrix<Float>
  private(set) var medoids: [Int]
  private(set) var nearest: [Neighbor]
  private var second: [Neighbor]
  private(set) var loss = 0.0
  private(set) var swaps = 0
  /// What removing each medoid costs: its points go to their second nearest.
  private var removal: [Double]

  init(_ distances: Matrix<Float>, medoids: [Int]) {
    self.distances = distances
    self.medoids = medoids
    let none = Neighbor(position: 0, distance: .infinity)
    nearest = Array(repeating: none, count: distances.rows)
    second = nearest
    removal = Array(repeating: 0, count: medoids.count)
    for point in 0..<distances.rows { lookUp(point) }
    settle()
  }

  /// - Returns: false when cancelled.
  mutating func run(maximumPasses: Int, _ cancelled: () -> Bool) -> Bool {
    guard medoids.count < distances.rows else { return true }
    var isMedoid = Array(repeating: false, count: distances.rows)
    for medoid in medoids { isMedoid[medoid] = true }
    var lastSwap: Int?
    for _ in 0..<maximumPasses {
      guard !cancelled() else { return false }
      let before = swaps
      for candidate in 0..<distances.rows where !isMedoid[candidate] {
        // A whole round without a swap: nothing improves any more.
        if candidate == lastSwap { return true }
        let (change, position) = gain(candidate)
        // Smaller changes are rounding, and could go in circles.
        guard change < -1e-7 * max(loss, 1e-30) else { continue }
        isMedoid[medoids[position]] = false
        isMedoid[candidate] = true
        replace(position, with: candidate)
        swaps += 1
        lastSwap = candidate
      }
      if swaps == before { return true }
    }
    return true
  }

  /// The change of the loss by the best swap that brings `candidate` in, and whose place it takes.
  private func gain(_ candidate: Int) -> (change: Double, position: Int) {
    var byMedoid = removal
    var shared = 0.0
    let start = candidate * distances.columns
    distances.values.withUnsafeBufferPointer { distances in
      for point in nearest.indices {
        let distance = distances[start + point]
        let first = nearest[point]
        if distance < first.distance {
          shared += Double(distance - first.distance)
          byMedoid[first.position] += Double(first.distance - second[point].distance)
        } else if distance < second[point].distance {
          byMedoid[first.position] += Double(distance - second[point].distance)
        }
      }
    }
    var best = 0
    for position in byMedoid.indices where byMedoid[position] < byMedoid[best] { best = position }
    return (byMedoid[best] + shared, best)
  }

  private mutating func replace(_ position: Int, with candidate: Int) {
    medoids[position] = candidate
    for point in nearest.indices {
      let distance = distances[candidate, point]
      if nearest[point].position == position || second[point].position == position {
        lookUp(point)
      } else if distance < nearest[point].distance {
        second[point] = nearest[point]
        nearest[point] = Neighbor(position: position, distance: distance)
      } else if distance < second[point].distance {
        second[point] = Neighbor(position: position, distance: distance)
      }
    }
    settle()
  }

  /// Finds a point's two nearest medoids anew; of equals the lower position.
  private mutating func lookUp(_ point: Int) {
    var first = Neighbor(position: 0, distance: .infinity)
    var next = first
    for (position, medoid) in medoids.enumerated() {
      let distance = distances[medoid, point]
      if distance < first.distance {
        next = first
        first = Neighbor(position: position, distance: distance)
      } else if distance < next.distance {
        next = Neighbor(position: position, distance: distance)
      }
    }
    nearest[point] = first
    second[point] = next
  }

  private mutating func settle() {
    loss = nearest.reduce(0) { $0 + Double($1.distance) }
    for position in removal.indices { removal[position] = 0 }
    for point in nearest.indices {
      removal[nearest[point].position] += Double(second[point].distance - nearest[point].distance)
    }
  }
}
