/// Vector arithmetic of float32 rows.
enum Rows {
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    reduce(a, b, count, wide: { $0 * $1 }, single: { $0 * $1 })
  }

  /// Sums a function over all pairs of elements, in an order that depends on the length alone.
  @inline(__always)
  static func reduce(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int,
    wide: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>, single: (Float, Float) -> Float
  ) -> Float {
    var sums = (SIMD16<Float>.zero, SIMD16<Float>.zero)
    var index = 0
    while index + 32 <= count {
      sums.0 += wide(lanes(a + index), lanes(b + index))
      sums.1 += wide(lanes(a + index + 16), lanes(b + index + 16))
      index += 32
    }
    var total = sum(sums.0 + sums.1)
    while index < count {
      total += single(a[index], b[index])
      index += 1
    }
    return total
  }

  /// Σ (a − b)² in float64.
  static func exactSquaredDistance(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
  ) -> Double {
    var sums = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    var index = 0
    while index + 16 <= count {
      let (x, y) = (lanes(a + index), lanes(b + index))
      let low = SIMD8<Double>(x.lowHalf) - SIMD8<Double>(y.lowHalf)
      let high = SIMD8<Double>(x.highHalf) - SIMD8<Double>(y.highHalf)
      sums.0 += low * low
      sums.1 += high * high
      index += 16
    }
    var total = (sums.0 + sums.1).sum()
    while index < count {
      let difference = Double(a[index]) - Double(b[index])
      total += difference * difference
      index += 1
    }
    return total
  }

  /// The smallest value, its first index, and the smallest of each lane without it.
  @inline(__always)
  static func nearest(
    _ values: UnsafePointer<Float>, _ count: Int
  ) -> (value: Float, index: Int, others: SIMD8<Float>) {
    let (first, second) = twoSmallest(values, count)
    let value = smallest(first)
    let index = self.first(value, in: values, count)
    var others = first
    others[index % 8] = second[index % 8]
    return (value, index, others)
  }

  /// The smallest and second smallest value of each lane. Value i is in lane i mod 8; infinity fills lanes with fewer.
  private static func twoSmallest(
    _ values: UnsafePointer<Float>, _ count: Int
  ) -> (SIMD8<Float>, SIMD8<Float>) {
    let nothing = SIMD8<Float>(repeating: .infinity)
    var (first, second) = (nothing, nothing)
    var index = 0
    while index < count {
      let value = eight(values + index, count &- index)
      let isLower = value .< first
      let loser = value.replacing(with: first, where: isLower)
      first.replace(with: value, where: isLower)
      second.replace(with: loser, where: loser .< second)
      index &+= 8
    }
    return (first, second)
  }

  /// The first index of a value; 0 if absent.
  private static func first(_ value: Float, in values: UnsafePointer<Float>, _ count: Int) -> Int {
    var index = 0
    while index < count {
      let found = eight(values + index, count &- index) .== value
      if any(found) { return index + (0..<8).first { found[$0] }! }
      index &+= 8
    }
    return 0
  }

  /// Eight values, padded with infinity.
  @inline(__always)
  private static func eight(_ values: UnsafePointer<Float>, _ count: Int) -> SIMD8<Float> {
    guard count < 8 else { return UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Float>.self) }
    var lanes = SIMD8<Float>(repeating: .infinity)
    for lane in 0..<count { lanes[lane] = values[lane] }
    return lanes
  }

  /// Sums by halves: the library's own sum is a call and a loop.
  @inline(__always)
  private static func sum(_ lanes: SIMD16<Float>) -> Float { sum(lanes.lowHalf + lanes.highHalf) }

  @inline(__always)
  static func sum(_ lanes: SIMD8<Float>) -> Float {
    let four = lanes.lowHalf + lanes.highHalf
    return (four.x + four.y) + (four.z + four.w)
  }

  @inline(__always)
  static func smallest(_ lanes: SIMD8<Float>) -> Float {
    let four = smaller(lanes.lowHalf, lanes.highHalf)
    let two = smaller(four.lowHalf, four.highHalf)
    return two.x < two.y ? two.x : two.y
  }

  @inline(__always)
  private static func smaller<V: SIMD>(_ a: V, _ b: V) -> V where V.Scalar: Comparable {
    a.replacing(with: b, where: b .< a)
  }

  /// Square roots; zero for negative values.
  @inline(__always)
  static func roots(_ squares: SIMD8<Float>) -> SIMD8<Float> {
    squares.replacing(with: 0, where: squares .< 0).squareRoot()
  }

  static func lanes(_ values: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(values).loadUnaligned(as: SIMD16<Float>.self)
  }
}
