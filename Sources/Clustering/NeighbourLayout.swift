import Core

/// A layout of points in the plane that keeps neighbours together: t-SNE (van der Maaten and Hinton 2008) with exact
/// neighbours and the Barnes–Hut approximation of the repulsion (van der Maaten 2014). On all cores; the same for the
/// same input, however many there are.
///
/// - Parameters:
///   - points: n × d.
///   - perplexity: how many neighbours count, about; lowered where there are fewer than three times as many points.
///   - iterations: of gradient descent; the first third with exaggerated attraction.
///   - initial: n places, such as the first two principal components; only their proportions count.
///   - seed: for the noise that parts points that begin in one place.
/// - Returns: n places around the origin.
package func neighbourLayout(
  _ points: Matrix<Float>, perplexity: Double = 30, iterations: Int = 750,
  initial: [SIMD2<Float>], seed: UInt64
) -> [SIMD2<Float>] {
  precondition(initial.count == points.rows)
  guard points.rows > 2 else { return spread(initial) }
  let affinities = Affinities(points, perplexity: perplexity)
  var descent = LayoutDescent(places: start(initial, seed: seed), affinities: affinities)
  let early = iterations / 3
  for iteration in 0..<iterations {
    descent.step(
      exaggeration: iteration < early ? LayoutDescent.exaggeration : 1,
      momentum: iteration < early ? 0.5 : 0.8)
  }
  return descent.places
}

/// Places for further points: each at the mean of those of its nearest points. For archives too large for a layout of
/// all points.
///
/// - Parameters:
///   - others: m × d.
///   - points: n × d, the points that are laid out.
///   - layout: their n places.
/// - Returns: m places.
package func places(
  of others: Matrix<Float>, among points: Matrix<Float>, layout: [SIMD2<Float>],
  neighbours: Int = 5
) -> [SIMD2<Float>] {
  precondition(layout.count == points.rows && others.columns == points.columns)
  let near = Points(points).nearestRows(of: Points(others), count: neighbours)
  return near.map { rows in
    rows.reduce(SIMD2<Float>.zero) { $0 + layout[$1.row] } / Float(max(1, rows.count))
  }
}

extension Points {
  /// The rows of a matrix, as points with one block.
  init(_ matrix: Matrix<Float>) {
    self.init(
      layout: BlockLayout(lengths: [matrix.columns, 0, 0], weights: [1, 0, 0]),
      values: matrix.values,
      masks: [BlockMask](repeating: BlockMask(.image), count: matrix.rows))
  }
}

/// The initial places around their mean, so small that no cluster has to pass another, with a little noise.
private func start(_ initial: [SIMD2<Float>], seed: UInt64) -> [SIMD2<Float>] {
  let mean = initial.reduce(SIMD2<Float>.zero, +) / Float(initial.count)
  let variance =
    initial.reduce(Float(0)) { $0 + (($1 - mean) * ($1 - mean)).sum() }
    / Float(2 * initial.count)
  let scale = variance > 0 ? 1e-4 / variance.squareRoot() : 0
  var generator = SeededGenerator(seed: seed)
  func noise() -> Float { Float.random(in: -1e-6...1e-6, using: &generator) }
  return initial.map { ($0 - mean) * scale + SIMD2(noise(), noise()) }
}

/// Two points at most, apart from each other.
private func spread(_ initial: [SIMD2<Float>]) -> [SIMD2<Float>] {
  initial.indices.map { SIMD2(Float(2 * $0 + 1 - initial.count), 0) }
}
