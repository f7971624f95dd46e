extension UnsafeMutableBufferPointer<UInt32> {
  /// The wrapping sum of a range, four values at a time.
  @inlinable @inline(__always)
  package func sum(of part: Range<Int>) -> UInt32 {
    precondition(part.lowerBound >= 0 && part.upperBound <= count)
    let values = UnsafeRawPointer(baseAddress!)
    var fours = SIMD4<UInt32>.zero
    var place = part.lowerBound
    while place &+ 4 <= part.upperBound {
      fours &+= values.loadUnaligned(fromByteOffset: place &* 4, as: SIMD4<UInt32>.self)
      place &+= 4
    }
    var sum = fours.wrappedSum()
    while place < part.upperBound {
      sum &+= self[place]
      place &+= 1
    }
    return sum
  }
}
