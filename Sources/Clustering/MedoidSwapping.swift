import Core

/// One descent of FasterPAM: the medoids, and for each point its nearest and second nearest one.
struct MedoidSwapping {
  private let distances: Matrix<Float>
  private let count: Int
  private(set) var medoids: [Int]
  /// By point: position of the nearest medoid and of the second nearest, and their distances.
  private(set) var nearest: [Int32]
  private var second: [Int32]
  private var nearestDistance: [Float]
  private var secondDistance: [Float]
  private(set) var loss = 0.0
  private(set) var swaps = 0
  /// What removing each medoid costs: its points go to their second nearest.
  private var removal: [Double]
  private var scratch: [Double]

  init(_ distances: Matrix<Float>, medoids: [Int]) {
    self.distances = distances
    self.medoids = medoids
    count = distances.rows
    nearest = Array(repeating: 0, count: count)
    second = nearest
    nearestDistance = Array(repeating: .infinity, count: count)
    secondDistance = nearestDistance
    removal = Array(repeating: 0, count: medoids.count)
    scratch = removal
    for point in 0..<count { lookUp(point) }
    settle()
  }

  /// - Returns: false when cancelled.
  mutating func run(maximumPasses: Int, _ cancelled: () -> Bool) -> Bool {
    guard medoids.count < count else { return true }
    var isMedoid = Array(repeating: false, count: count)
    for medoid in medoids { isMedoid[medoid] = true }
    var lastSwap: Int?
    for _ in 0..<maximumPasses {
      guard !cancelled() else { return false }
      let before = swaps
      for candidate in 0..<count where !isMedoid[candidate] {
        // A whole round without a swap: converged.
        if candidate == lastSwap { return true }
        let (change, position) = gain(candidate)
        // Smaller changes are rounding, and could cycle.
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

  /// The best swap that adds `candidate`: the change in loss, and the position of the medoid that it replaces.
  private mutating func gain(_ candidate: Int) -> (change: Double, position: Int) {
    var shared = 0.0
    let (removal, count) = (removal, count)
    distances.values.withUnsafeBufferPointer { distances in
      nearest.withUnsafeBufferPointer { nearest in
        nearestDistance.withUnsafeBufferPointer { first in
          secondDistance.withUnsafeBufferPointer { second in
            scratch.withUnsafeMutableBufferPointer { byMedoid in
              for position in removal.indices { byMedoid[position] = removal[position] }
              let row = distances.baseAddress! + candidate * count
              for point in 0..<count {
                let distance = row[point]
                // Most points are nearer to their own two medoids: one comparison skips them.
                guard distance < second[point] else { continue }
                if distance < first[point] {
                  shared += Double(distance - first[point])
                  byMedoid[Int(nearest[point])] += Double(first[point] - second[point])
                } else {
                  byMedoid[Int(nearest[point])] += Double(distance - second[point])
                }
              }
            }
          }
        }
      }
    }
    var best = 0
    for position in scratch.indices where scratch[position] < scratch[best] { best = position }
    return (scratch[best] + shared, best)
  }

  private mutating func replace(_ position: Int, with candidate: Int) {
    medoids[position] = candidate
    for point in 0..<count {
      let distance = distances.values[candidate * count + point]
      if nearest[point] == position || second[point] == position {
        lookUp(point)
      } else if distance < nearestDistance[point] {
        second[point] = nearest[point]
        secondDistance[point] = nearestDistance[point]
        nearest[point] = Int32(position)
        nearestDistance[point] = distance
      } else if distance < secondDistance[point] {
        second[point] = Int32(position)
        secondDistance[point] = distance
      }
    }
    settle()
  }

  /// Recomputes a point's two nearest medoids; ties go to the lower position.
  private mutating func lookUp(_ point: Int) {
    var (first, next) = (Float.infinity, Float.infinity)
    var (own, other) = (0, 0)
    for (position, medoid) in medoids.enumerated() {
      let distance = distances.values[medoid * count + point]
      if distance < first {
        (next, other) = (first, own)
        (first, own) = (distance, position)
      } else if distance < next {
        (next, other) = (distance, position)
      }
    }
    nearest[point] = Int32(own)
    second[point] = Int32(other)
    nearestDistance[point] = first
    secondDistance[point] = next
  }

  private mutating func settle() {
    loss = 0
    for position in removal.indices { removal[position] = 0 }
    for point in 0..<count {
      loss += Double(nearestDistance[point])
      removal[Int(nearest[point])] += Double(secondDistance[point] - nearestDistance[point])
    }
  }
}
