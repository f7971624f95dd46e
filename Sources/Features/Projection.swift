import Core

/// A frozen linear map: minus the mean, times a matrix.
struct Projection: Sendable, Codable, Equatable {
  let mean: FloatArray
  /// Outputs × inputs, row-major.
  let components: FloatArray

  var inputs: Int { mean.values.count }
  var outputs: Int { inputs > 0 ? components.values.count / inputs : 0 }

  /// The sample's coordinates, `outputs` values. Sums use double precision and a fixed order, so the result doesn't
  /// depend on threads or on other samples.
  func callAsFunction(_ sample: [Float]) -> [Float] {
    precondition(sample.count == inputs)
    let centred = zip(sample, mean.values).map { Double($0) - Double($1) }
    return components.values.withUnsafeBufferPointer { weights in
      centred.withUnsafeBufferPointer { centred in
        (0..<outputs).map { Float(Self.dot(weights.baseAddress! + $0 * inputs, centred)) }
      }
    }
  }

  /// The inner product of floats and doubles: eight partial sums, added up at the end.
  private static func dot(_ weights: UnsafePointer<Float>, _ values: UnsafeBufferPointer<Double>)
    -> Double
  {
    let (weight, value) = (UnsafeRawPointer(weights), UnsafeRawPointer(values.baseAddress!))
    var sums = SIMD8<Double>.zero
    var place = 0
    while place &+ 8 <= values.count {
      let eight = weight.loadUnaligned(fromByteOffset: place &* 4, as: SIMD8<Float>.self)
      sums +=
        SIMD8<Double>(eight)
        * value.loadUnaligned(fromByteOffset: place &* 8, as: SIMD8<Double>.self)
      place &+= 8
    }
    var sum = sums.sum()
    while place < values.count {
      sum += Double(weights[place]) * values[place]
      place &+= 1
    }
    return sum
  }
}
