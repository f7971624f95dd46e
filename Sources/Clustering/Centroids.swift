import Core

/// The centroids of one clustering and the weight behind each block of each.
package struct Centroids: Sendable, Equatable {
  package let layout: BlockLayout
  package let k: Int
  /// `k` × `layout.dimensions`, row-major.
  package var values: [Float]
  /// `k` × number of blocks: the weight behind each block of each centroid, at least the units that formed it.
  package var weights: [Double]

  package init(layout: BlockLayout, k: Int, values: [Float], weights: [Double]) {
    precondition(values.count == k * layout.dimensions)
    precondition(weights.count == k * Block.allCases.count)
    self.layout = layout
    self.k = k
    self.values = values
    self.weights = weights
  }

  /// One centroid's `layout.dimensions` values.
  package func row(_ index: Int) -> ArraySlice<Float> {
    values[index * layout.dimensions..<(index + 1) * layout.dimensions]
  }

  /// The weight behind each block of one centroid.
  package func weights(of index: Int) -> [Double] {
    Array(weights[index * Block.allCases.count..<(index + 1) * Block.allCases.count])
  }

  /// Σw / Σ w m · Σ over the present blocks of ‖x − c‖², in float64 and in an order that depends on the
  /// layout alone, so that the same vector gives the same distance to the last bit whatever else runs.
  package func squaredDistance(_ point: Embedding, to index: Int) -> Double {
    point.values.withUnsafeBufferPointer {
      squaredDistance($0.baseAddress!, point.mask, to: index)
    }
  }

  /// - Parameter point: `layout.dimensions` values.
  func squaredDistance(_ point: UnsafePointer<Float>, _ mask: BlockMask, to index: Int) -> Double {
    values.withUnsafeBufferPointer {
      Self.squaredDistance(
        point, $0.baseAddress! + index * layout.dimensions, ranges(mask),
        scale: Double(layout.scale(for: mask)))
    }
  }

  private static func squaredDistance(
    _ point: UnsafePointer<Float>, _ center: UnsafePointer<Float>, _ ranges: [Range<Int>],
    scale: Double
  ) -> Double {
    var sum = 0.0
    for range in ranges {
      sum += Rows.exactSquaredDistance(
        point + range.lowerBound, center + range.lowerBound, range.count)
    }
    return sum * scale
  }

  /// Ranges of a mask's blocks.
  private func ranges(_ mask: BlockMask) -> [Range<Int>] {
    Block.allCases.filter { mask.contains($0) }.map { layout.range(of: $0) }
  }

  /// The nearest and the second nearest centroid; ties go to the lower index.
  package func assign(_ point: Embedding) -> Assignment {
    point.values.withUnsafeBufferPointer { assign($0.baseAddress!, point.mask) }
  }

  /// The nearest of some centroids; the second is the nearest of all others, and may be nearer. `nil` without any.
  package func assign(_ point: Embedding, among positions: [Int]) -> Assignment? {
    let distances = (0..<k).map { squaredDistance(point, to: $0).squareRoot() }
    func nearest(_ positions: some Sequence<Int>) -> Int? {
      positions.min { (distances[$0], $0) < (distances[$1], $1) }
    }
    guard let best = nearest(positions) else { return nil }
    let second = nearest((0..<k).lazy.filter { $0 != best })
    return Assignment(
      cluster: best, distance: distances[best], second: second,
      secondDistance: second.map { distances[$0] } ?? .infinity)
  }

  /// - Parameter point: `layout.dimensions` values.
  func assign(_ point: UnsafePointer<Float>, _ mask: BlockMask) -> Assignment {
    var best = Assignment(cluster: 0, distance: .infinity, second: nil, secondDistance: .infinity)
    let (ranges, scale) = (ranges(mask), Double(layout.scale(for: mask)))
    values.withUnsafeBufferPointer { values in
      for index in 0..<k {
        let center = values.baseAddress! + index * layout.dimensions
        let distance = Self.squaredDistance(point, center, ranges, scale: scale).squareRoot()
        if distance < best.distance {
          best.second = best.distance.isFinite ? best.cluster : nil
          best.secondDistance = best.distance
          best.cluster = index
          best.distance = distance
        } else if distance < best.secondDistance {
          best.second = index
          best.secondDistance = distance
        }
      }
    }
    return best
  }
}

/// Where a unit belongs. Distances are Euclidean, in the fused space, missing blocks masked.
package struct Assignment: Sendable, Equatable {
  /// Index of the nearest centroid.
  package var cluster: Int
  package var distance: Double
  /// Index of the second nearest centroid; `nil` when there is only one.
  package var second: Int?
  package var secondDistance: Double

  /// How clear the choice is: 0 on the border, towards 1 at the centroid; negative where a reviewer chose a cluster
  /// that isn't the nearest.
  package var margin: Double {
    guard second != nil, secondDistance > 0 else { return 0 }
    return 1 - distance / secondDistance
  }
}
