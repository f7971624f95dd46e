import Core
import Foundation

/// A block seen from the centroids of its own clustering: the fusion strategies "clusterdists" and "clusterprobs". The
/// paper's definitions are not public; here they are Euclidean distances, and the softmax of −d² divided by the
/// training vectors' mean squared distance to their own centroid.
package struct CentroidView: Sendable, Codable, Equatable {
  let centers: FloatArray
  let length: Int
  /// The mean squared distance; `nil` for plain distances.
  let bandwidth: Double?

  /// - Parameters:
  ///   - centers: count × length, row-major.
  ///   - meanSquare: the training vectors' mean squared distance to their nearest centroid.
  package init(
    _ fusion: Configuration.Fusion, centers: [Float], length: Int, meanSquare: Double
  ) {
    self.centers = FloatArray(centers)
    self.length = length
    bandwidth = fusion == .clusterProbabilities ? max(meanSquare, 1e-12) : nil
  }

  var dimensions: Int { centers.values.count / max(1, length) }

  func callAsFunction(_ vector: [Float]) -> [Float] {
    precondition(vector.count == length)
    let squares = (0..<dimensions).map { center -> Double in
      var sum = 0.0
      for (index, value) in vector.enumerated() {
        let difference = Double(value) - Double(centers.values[center * length + index])
        sum += difference * difference
      }
      return sum
    }
    guard let bandwidth else { return squares.map { Float($0.squareRoot()) } }
    // Subtract the smallest, so that not all powers underflow.
    let least = squares.min() ?? 0
    let powers = squares.map { exp((least - $0) / bandwidth) }
    let total = powers.reduce(0, +)
    return powers.map { Float($0 / total) }
  }
}
