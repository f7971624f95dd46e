import Core

/// A frame whose text was looked for.
struct ExaminedFrame<Level: FixedWidthInteger & UnsignedInteger> {
  /// The grey values, masked if need be; `nil` if the frame must not be seen.
  var greys: Greys<Level>?
  var isMasked = false

  init(_ greys: Greys<Level>, rows: Int, columns: Int, _ treatment: TextTreatment) {
    self.greys = greys
    if treatment == .keep { return }
    var levels = greys.levels
    for _ in 0..<Self.rounds {
      let seen = Self.bytes(levels)
      guard treatment == .mask else {
        if TextDetector.hasText(seen, rows: rows, columns: columns) { self.greys = nil }
        return
      }
      let boxes = TextDetector.boxes(seen, rows: rows, columns: columns)
      if boxes.isEmpty {
        if isMasked { self.greys = .levels(levels) }
        return
      }
      isMasked = true
      for box in boxes {
        for row in box.rows {
          for column in box.columns { levels[row * columns + column] = 0 }
        }
      }
    }
    // There is still something like text.
    self.greys = nil
  }

  /// How often a masked frame is looked at: what is beside a mask may be found only then.
  private static var rounds: Int { 4 }

  private static func bytes(_ levels: [Level]) -> [UInt8] {
    let shift = Level.bitWidth - 8
    return shift == 0
      ? levels as? [UInt8] ?? [] : levels.map { UInt8(truncatingIfNeeded: $0 >> shift) }
  }
}
