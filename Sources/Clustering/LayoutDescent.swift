import Core

/// Gradient descent on the divergence between the affinities of points and those of their places, with momentum and a
/// gain for each coordinate (Jacobs 1988).
struct LayoutDescent {
  private(set) var places: [SIMD2<Float>]
  private let affinities: Affinities
  private var velocity: [SIMD2<Float>]
  private var gains: [SIMD2<Float>]
  private let rate: Float

  /// How much stronger the attraction is at first.
  static let exaggeration: Float = 12

  init(places: [SIMD2<Float>], affinities: Affinities) {
    self.places = places
    self.affinities = affinities
    velocity = [SIMD2<Float>](repeating: .zero, count: places.count)
    gains = [SIMD2<Float>](repeating: .one, count: places.count)
    // Belkina et al. 2019.
    rate = max(Float(places.count) / Self.exaggeration / 4, 50)
  }

  mutating func step(exaggeration: Float, momentum: Float) {
    let gradient = gradient(exaggeration)
    var mean = SIMD2<Double>.zero
    for index in places.indices {
      let turns = (gradient[index] * velocity[index]) .> .zero
      gains[index] = max(
        (gains[index] + 0.2).replacing(with: gains[index] * 0.8, where: turns), 0.01)
      velocity[index] = momentum * velocity[index] - rate * gains[index] * gradient[index]
      places[index] += velocity[index]
      mean += SIMD2<Double>(places[index])
    }
    let center = SIMD2<Float>(mean / Double(places.count))
    for index in places.indices { places[index] -= center }
  }

  /// 4 Σ (e p q Z − q²) / Z (y − y′), by attraction to neighbours and repulsion from all.
  private func gradient(_ exaggeration: Float) -> [SIMD2<Float>] {
    let tree = PlaneTree(places)
    let (forces, normalisation) = tree.repulsion()
    let (places, affinities) = (places, affinities)
    let gradient = SharedArray<SIMD2<Float>>(repeating: .zero, count: places.count)
    let parts = chunks(places.count, of: 512)
    inParallel(parts.count) { part in
      for row in parts[part] {
        var attraction = SIMD2<Float>.zero
        for element in affinities.starts[row]..<affinities.starts[row + 1] {
          let difference = places[row] - places[Int(affinities.columns[element])]
          attraction +=
            affinities.values[element] / (1 + (difference * difference).sum()) * difference
        }
        gradient[row] = 4 * (exaggeration * attraction - forces[row] / normalisation)
      }
    }
    return gradient.array
  }
}

private func max(_ values: SIMD2<Float>, _ least: Float) -> SIMD2<Float> {
  values.replacing(with: SIMD2(repeating: least), where: values .< least)
}
