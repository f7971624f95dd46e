import Core
import Foundation

/// Weighted term counts reduced by truncated SVD (latent semantic analysis), of length 1.
struct LatentSemantics: Sendable, Codable, Equatable {
  enum Weighting: String, Sendable, Codable {
    /// Term counts as they are.
    case counts
    /// (1 + ln tf) · ln((1 + n)/(1 + df)): a term in every text has weight 0.
    case inverseFrequency
  }

  let dimensions: Int
  private let weighting: Weighting
  /// One per term; all 1 for plain counts.
  private let weights: FloatArray
  /// components × vocabulary, row-major.
  private let components: FloatArray

  /// - Parameters:
  ///   - texts: counts by term number, each below `vocabulary`.
  init(
    fitting texts: [TextEncoder.Terms], vocabulary: Int, weighting: Weighting, components: Int,
    seed: UInt64
  ) {
    var texts = texts.map { $0.sorted { $0.key < $1.key } }
    texts.removeAll { $0.isEmpty }
    var units = [Double](repeating: 0, count: vocabulary)
    for text in texts {
      for (term, _) in text { units[term] += 1 }
    }
    let count = Double(texts.count)
    self.weighting = weighting
    let weights = FloatArray(
      units.map { weighting == .counts ? 1 : Float(log((1 + count) / (1 + $0))) })
    self.weights = weights
    let rows = texts.map { Self.weigh($0, weighting, weights.values) }
    let reduced = TruncatedSVD.components(rows, columns: vocabulary, count: components, seed: seed)
    dimensions = reduced.rows
    self.components = FloatArray(reduced.values.map { Float($0) })
  }

  /// - Returns: `nil` for a text without known terms.
  func encode(_ terms: TextEncoder.Terms) -> [Float]? {
    let row = Self.weigh(terms.sorted { $0.key < $1.key }, weighting, weights.values)
    guard !row.isEmpty else { return nil }
    let vocabulary = weights.values.count
    let vector = (0..<dimensions).map { component in
      row.reduce(0.0) {
        $0 + $1.weight * Double(components.values[component * vocabulary + $1.term])
      }
    }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 1e-12 ? vector.map { Float($0 / length) } : nil
  }

  /// Scaled to length 1, in the order of the terms.
  private static func weigh(
    _ terms: [(key: Int, value: Int)], _ weighting: Weighting, _ weights: [Float]
  ) -> TruncatedSVD.Row {
    let weighted = terms.map { term, count in
      (
        term: term,
        weight: (weighting == .counts ? Double(count) : 1 + log(Double(count)))
          * Double(weights[term])
      )
    }
    let length = weighted.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
    return length > 0 ? weighted.map { ($0.term, $0.weight / length) } : []
  }
}
