import Core
import Features

/// How well studies with similar images agree in their reports and tags: a measure of image vectors that needs no
/// labels.
package struct NeighbourAgreement {
  /// By judged unit: mean cosine between its text vector and those of its neighbours, and the same for tags; `nil` if
  /// the unit or all of its neighbours have none.
  package let text: [Double?]
  package let tags: [Double?]

  private static let neighbours = 10

  /// - Parameters:
  ///   - vectors: image vectors by unit; `nil` without images.
  ///   - studies: number of each unit's study; units of the same study don't count as neighbours.
  ///   - judged: indices of the units to judge; every unit may be a neighbour.
  package init(_ vectors: [[Float]?], studies: [Int], judged: [Int], targets: ImageTargets) {
    let places = vectors.indices.filter { vectors[$0] != nil }
    let found = mapInParallel(judged) { unit -> (text: Double?, tags: Double?) in
      guard let own = vectors[unit] else { return (nil, nil) }
      let nearest = places.filter { studies[$0] != studies[unit] }
        .map { (unit: $0, distance: Self.distance(vectors[$0]!, own)) }
        .sorted { ($0.distance, $0.unit) < ($1.distance, $1.unit) }
        .prefix(Self.neighbours).map(\.unit)
      return (
        Self.agreement(targets.text, unit, nearest), Self.agreement(targets.tags, unit, nearest)
      )
    }
    text = found.map(\.text)
    tags = found.map(\.tags)
  }

  /// By judged unit: mean of the text and tag agreement that it has; `nil` if it has neither.
  package var scores: [Double?] {
    zip(text, tags).map { text, tags in
      let known = [text, tags].compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
  }

  package static func mean(_ values: [Double?]) -> Double {
    let known = values.compactMap { $0 }
    return known.reduce(0, +) / Double(max(1, known.count))
  }

  private static func agreement(_ rows: [[Float]?], _ unit: Int, _ nearest: [Int]) -> Double? {
    guard let own = rows[unit] else { return nil }
    let known = nearest.compactMap { rows[$0] }.map { cosine($0, own) }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  private static func distance(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
  }

  private static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func product(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let lengths = (product(a, a) * product(b, b)).squareRoot()
    return lengths > 0 ? product(a, b) / lengths : 0
  }
}
