extension FixedWidthInteger {
  /// The integer nearest to a value from 0 to 2³¹, halves rounded up. It checks nothing: the standard library's
  /// conversions spend most of their time on checks.
  @inline(__always)
  init(rounding value: Float) {
    // 2⁵² leaves no room for a fraction, and 2⁻³⁰, below any Float's last place near a half, rounds halves up.
    let shifted = Double(value) + 0x1p-30 + 0x1p52
    self.init(truncatingIfNeeded: shifted.bitPattern)
  }
}
