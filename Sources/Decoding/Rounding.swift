extension FixedWidthInteger {
  /// The nearest integer of a value from 0 to 2³¹, halves going up. Unlike the standard library's conversions it checks
  /// nothing, which these take most of their time for.
  @inline(__always)
  init(rounding value: Float) {
    // 2⁵² leaves no place for a fraction, and 2⁻³⁰, below any Float's last place near a half, turns halves upwards.
    let shifted = Double(value) + 0x1p-30 + 0x1p52
    self.init(truncatingIfNeeded: shifted.bitPattern)
  }
}
