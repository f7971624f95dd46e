import Core

/// A quadtree over places in the plane, for forces between all pairs: places that are far away count together, at their
/// centre of mass (Barnes and Hut 1986).
///
/// Nodes are in depth-first order, each with the index of the node after its subtree, so that a walk is a loop. Places
/// are in Morton order; eight in a row walk together and are computed in one vector.
struct PlaneTree {
  /// Places in Morton order, and where each comes from.
  private let places: [SIMD2<Float>]
  private let order: [Int32]
  private var nodes: [Node] = []

  private struct Node {
    var center: SIMD2<Float>
    var count: Float
    /// The squared side of its square.
    var square: Float
    /// Its places; empty unless it is a leaf.
    var members: Range<Int32>
    /// The node after its subtree.
    var next: Int32
  }

  /// A node counts as one place from farther away than its side divided by this.
  private static let angle: Float = 0.5
  private static let leaf = 8
  private typealias Lanes = SIMD8<Float>

  init(_ places: [SIMD2<Float>]) {
    let low = places.reduce(places[0]) { pointwiseMin($0, $1) }
    let high = places.reduce(places[0]) { pointwiseMax($0, $1) }
    let side = max((high - low).max(), .leastNormalMagnitude)
    let codes = places.map { place in
      let cell = (place - low) / side * 65_535
      return Self.spread(UInt32(cell.x)) | Self.spread(UInt32(cell.y)) << 1
    }
    order = Self.sorted(codes)
    self.places = order.map { places[Int($0)] }
    nodes.reserveCapacity(places.count)
    divide(order.map { codes[Int($0)] }, 0..<places.count, level: 0, side: side)
  }

  /// Adds a square's nodes.
  ///
  /// - Parameter level: of the square; its quadrants differ in two bits of the codes.
  private mutating func divide(_ codes: [UInt32], _ range: Range<Int>, level: Int, side: Float) {
    let index = nodes.count
    let sum = range.reduce(SIMD2<Float>.zero) { $0 + places[$1] }
    nodes.append(
      Node(
        center: sum / Float(range.count), count: Float(range.count), square: side * side,
        members: 0..<0, next: 0))
    if range.count <= Self.leaf || level == 16 {
      nodes[index].members = Int32(range.lowerBound)..<Int32(range.upperBound)
    } else {
      let shift = UInt32(30 - 2 * level)
      var start = range.lowerBound
      while start < range.upperBound {
        let quadrant = codes[start] >> shift
        var end = start + 1
        while end < range.upperBound, codes[end] >> shift == quadrant { end += 1 }
        divide(codes, start..<end, level: level + 1, side: side / 2)
        start = end
      }
    }
    nodes[index].next = Int32(nodes.count)
  }

  /// Σ q² (y − y′) for each place, with q = 1 / (1 + ‖y − y′‖²), and Σ q over all pairs.
  func repulsion() -> (forces: [SIMD2<Float>], normalisation: Float) {
    let forces = SharedArray<SIMD2<Float>>(repeating: .zero, count: places.count)
    let groups = chunks(places.count, of: Lanes.scalarCount)
    let sums = SharedArray<Double>(repeating: 0, count: groups.count)
    let parts = chunks(groups.count, of: 64)
    inParallel(parts.count) { part in
      for group in parts[part] { sums[group] = repel(groups[group], forces) }
    }
    // A place's q to itself is 1.
    let sum = sums.array.reduce(0, +) - Double(places.count)
    return (forces.array, Float(max(sum, .leastNormalMagnitude)))
  }

  /// - Returns: Σ q over the group's places and all places.
  private func repel(_ group: Range<Int>, _ forces: SharedArray<SIMD2<Float>>) -> Double {
    var (x, y) = (Lanes.zero, Lanes.zero)
    for lane in 0..<Lanes.scalarCount {
      // The last group repeats its last place.
      let place = places[min(group.lowerBound + lane, group.upperBound - 1)]
      (x[lane], y[lane]) = (place.x, place.y)
    }
    let (low, high) = (SIMD2(x.min(), y.min()), SIMD2(x.max(), y.max()))
    var (forceX, forceY, sums) = (Lanes.zero, Lanes.zero, Lanes.zero)
    @inline(__always) func add(_ place: SIMD2<Float>, _ count: Float) {
      let (dx, dy) = (x - place.x, y - place.y)
      let q = 1 / (1 + dx * dx + dy * dy)
      let weight = count * q
      sums += weight
      forceX += weight * q * dx
      forceY += weight * q * dy
    }
    nodes.withUnsafeBufferPointer { nodes in
      places.withUnsafeBufferPointer { places in
        var index = 0
        while index < nodes.count {
          let node = nodes[index]
          let gap = pointwiseMax(pointwiseMax(low - node.center, node.center - high), .zero)
          if node.square < Self.angle * Self.angle * (gap * gap).sum() {
            add(node.center, node.count)
            index = Int(node.next)
          } else {
            for member in node.members { add(places[Int(member)], 1) }
            index += 1
          }
        }
      }
    }
    for (lane, place) in group.enumerated() {
      forces[Int(order[place])] = SIMD2(forceX[lane], forceY[lane])
    }
    return (0..<group.count).reduce(0) { $0 + Double(sums[$1]) }
  }

  /// The 16 bits of a number, a zero before each.
  private static func spread(_ number: UInt32) -> UInt32 {
    var bits = number & 0xffff
    bits = (bits | bits << 8) & 0x00ff_00ff
    bits = (bits | bits << 4) & 0x0f0f_0f0f
    bits = (bits | bits << 2) & 0x3333_3333
    return (bits | bits << 1) & 0x5555_5555
  }

  /// The indices of codes in their order, by a radix sort.
  private static func sorted(_ codes: [UInt32]) -> [Int32] {
    var order = (0..<Int32(codes.count)).map { $0 }
    var next = order
    for shift in stride(from: UInt32(0), to: 32, by: 11) {
      var starts = [Int](repeating: 0, count: 2_049)
      for code in codes { starts[Int(code >> shift & 2_047) + 1] += 1 }
      for digit in 1...2_048 { starts[digit] += starts[digit - 1] }
      for index in order {
        let digit = Int(codes[Int(index)] >> shift & 2_047)
        next[starts[digit]] = index
        starts[digit] += 1
      }
      swap(&order, &next)
    }
    return order
  }
}
