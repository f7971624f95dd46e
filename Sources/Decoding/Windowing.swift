import Foundation

/// From stored values to grey levels of 8 or 16 bits: padding → modality transformation → VOI → polarity
/// (PS3.3 C.11.1, C.11.2, C.7.6.3.1.2).
struct Windowing {
  private let slope: Float
  private let intercept: Float
  private let modalityTable: LookupTable?
  private let window: Window?
  private let table: LookupTable?
  private let padding: ClosedRange<Float>?
  private let inverted: Bool

  struct Window {
    enum Function { case linear, linearExact, sigmoid }
    var center: Float
    var width: Float
    var function: Function = .linear

    /// 0…255
    func callAsFunction(_ value: Float) -> Float {
      switch function {
      case .linear where width > 1:
        255 * min(max(0, (value - (center - 0.5)) / (width - 1) + 0.5), 1)
      case .linear:
        value <= center - 0.5 ? 0 : 255
      case .linearExact:
        255 * min(max(0, (value - center) / width + 0.5), 1)
      case .sigmoid:
        255 / (1 + exp(-4 * (value - center) / width))
      }
    }
  }

  /// What a file says of one frame. An invalid slope, an empty or too narrow window count as absent.
  init(_ file: borrowing DICOMFile, frame: Int, layout: PixelLayout) {
    let slope = file.numbers(0x0028_1053, frame: frame).first.map(Float.init) ?? 1
    self.slope = slope.isFinite && slope != 0 ? slope : 1
    intercept = file.numbers(0x0028_1052, frame: frame).first.map(Float.init) ?? 0
    modalityTable = LookupTable(
      file, sequence: 0x0028_3000, frame: frame, signed: layout.isSigned)
    let center = file.numbers(0x0028_1050, frame: frame).first.map(Float.init)
    let width = file.numbers(0x0028_1051, frame: frame).first.map(Float.init)
    if let center, let width, center.isFinite, width.isFinite, width >= 1 {
      let name = file.string(0x0028_1056, frame: frame) ?? ""
      let function: Window.Function =
        name == "SIGMOID" ? .sigmoid : name == "LINEAR_EXACT" ? .linearExact : .linear
      window = Window(center: center, width: width, function: function)
      table = nil
    } else {
      window = nil
      table = LookupTable(file, sequence: 0x0028_3010, frame: frame, signed: layout.isSigned)
    }
    if let value = file.numbers(0x0028_0120).first.map(Float.init) {
      let limit = file.numbers(0x0028_0121).first.map(Float.init) ?? value
      padding = min(value, limit)...max(value, limit)
    } else {
      padding = nil
    }
    inverted = layout.photometric == "MONOCHROME1"
  }

  /// Grey values, row-major.
  func render<Level: FixedWidthInteger & UnsignedInteger>(_ stored: StoredValues) -> [Level] {
    switch stored {
    case .luminance(let pixels):
      let step = Level.max / 255
      return pixels as? [Level] ?? pixels.map { Level($0) * step }
    case .codes(let codes):
      return codes.bytes.withUnsafeBytes { bytes in
        codes.isWide
          ? render(codes, StoredCodes.Reader<UInt16>(codes, bytes))
          : render(codes, StoredCodes.Reader<UInt8>(codes, bytes))
      }
    case .values(let values):
      return levels(values, weights: nil)
    }
  }

  /// By a table of the codes that occur.
  private func render<Level: FixedWidthInteger & UnsignedInteger, Word>(
    _ codes: StoredCodes, _ code: StoredCodes.Reader<Word>
  ) -> [Level] {
    // Flipping the sign bit makes codes rise with their values.
    let flip: UInt16 = codes.isSigned ? 1 << (codes.bits - 1) : 0
    // As signed numbers, of which vector instructions know the smaller.
    var (least, most) = (Int16.max, Int16.min)
    for pixel in 0..<codes.count {
      let ordered = Int16(bitPattern: code[pixel] ^ flip ^ 0x8000)
      least = min(least, ordered)
      most = max(most, ordered)
    }
    guard least <= most else { return [] }
    let range = (UInt16(bitPattern: least) ^ 0x8000)...(UInt16(bitPattern: most) ^ 0x8000)
    var histogram: [Int]?
    if window == nil && table == nil {
      var counts = [Int](repeating: 0, count: range.count)
      for pixel in 0..<codes.count { counts[Int((code[pixel] ^ flip) &- range.lowerBound)] += 1 }
      histogram = counts
    }
    let greys: [Level] = levels(range.map { Float(Int($0) - Int(flip)) }, weights: histogram)
    return withUnsafeTemporaryAllocation(of: Level.self, capacity: 1 << codes.bits) { table in
      for (ordered, grey) in zip(range, greys) {
        table.initializeElement(at: Int(ordered ^ flip), to: grey)
      }
      return Array(unsafeUninitializedCapacity: codes.count) { result, filled in
        for pixel in 0..<codes.count {
          result.initializeElement(at: pixel, to: table[Int(code[pixel])])
        }
        filled = codes.count
      }
    }
  }

  /// The grey of each stored value. `weights` says how many pixels have it.
  private func levels<Level: FixedWidthInteger & UnsignedInteger>(
    _ stored: [Float], weights: [Int]?
  ) -> [Level] {
    let (low, high) = window == nil && table == nil ? percentiles(stored, weights) : (0, 0)
    let scale = Float(Level.max / 255)
    return stored.map { value in
      guard isShown(value) else { return 0 }
      var grey: Float
      if let window {
        grey = window(modality(value))
      } else if let table {
        grey = 255 * table(modality(value)) / table.top
      } else {
        grey = high > low ? 255 * min(max(0, (modality(value) - low) / (high - low)), 1) : 0
      }
      if inverted { grey = 255 - grey }
      // Double holds the half that is added to any grey, so this rounds as `rounded()` does.
      return Level(
        truncatingIfNeeded: Int(Double(min(max(0, grey * scale), Float(Level.max))) + 0.5))
    }
  }

  private func modality(_ value: Float) -> Float {
    modalityTable?(value) ?? value * slope + intercept
  }

  /// Padding is no part of the picture.
  private func isShown(_ value: Float) -> Bool {
    value.isFinite && padding?.contains(value) != true
  }

  /// The 1st and 99th percentile of the values that are shown.
  private func percentiles(_ stored: [Float], _ weights: [Int]?) -> (Float, Float) {
    let shown = stored.indices.filter { isShown(stored[$0]) && weights?[$0] != 0 }
    var order = shown.map { (value: modality(stored[$0]), weight: weights?[$0] ?? 1) }
    order.sort { $0.value < $1.value }
    let total = order.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return (0, 0) }
    var below = 0
    var low: Float?
    for (value, weight) in order {
      below += weight
      if low == nil && below * 100 >= total { low = value }
      if below * 100 >= 99 * total { return (low ?? value, value) }
    }
    return (0, 0)
  }
}
