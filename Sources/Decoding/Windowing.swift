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

  func render<Level: FixedWidthInteger & UnsignedInteger>(_ stored: StoredValues) -> Greys<Level> {
    switch stored {
    case .luminance(let pixels):
      let step = Level.max / 255
      return .levels(pixels as? [Level] ?? pixels.map { Level($0) * step })
    case .codes(let codes):
      let greys: [Level] = codes.bytes.withUnsafeBytes { bytes in
        codes.isWide
          ? greysOfCodes(codes, StoredCodes.Reader<UInt16>(codes, bytes))
          : greysOfCodes(codes, StoredCodes.Reader<UInt8>(codes, bytes))
      }
      return .codes(codes, table: greys)
    case .values(let values):
      return .levels(levels(values, weights: nil))
    }
  }

  /// The grey of each code that occurs.
  private func greysOfCodes<Level: FixedWidthInteger & UnsignedInteger, Word>(
    _ codes: StoredCodes, _ code: StoredCodes.Reader<Word>
  ) -> [Level] {
    var result = [Level](repeating: 0, count: 1 << codes.bits)
    // Flipping the sign bit makes codes rise with their values.
    let flip: UInt16 = codes.isSigned ? 1 << (codes.bits - 1) : 0
    // Where pixels are many, all possible codes have a grey sooner than those that occur are found.
    let isMany = codes.count >= 32 * result.count
    guard
      let range = isMany
        ? 0...UInt16(result.count - 1) : Self.range(codes.count, { code[$0] ^ flip })
    else { return result }
    var histogram: [Int]?
    if window == nil && table == nil {
      histogram = Self.histogram(range.count, codes.count) {
        Int((code[$0] ^ flip) &- range.lowerBound)
      }
    }
    let greys: [Level] = levels(range.map { Float(Int($0) - Int(flip)) }, weights: histogram)
    for (ordered, grey) in zip(range, greys) { result[Int(ordered ^ flip)] = grey }
    return result
  }

  /// From the least to the most of the pixels' values.
  @inline(__always)
  private static func range(_ pixels: Int, _ value: (Int) -> UInt16) -> ClosedRange<UInt16>? {
    // As signed numbers, of which vector instructions know the smaller.
    var (least, most) = (Int16.max, Int16.min)
    for pixel in 0..<pixels {
      let ordered = Int16(bitPattern: value(pixel) ^ 0x8000)
      least = min(least, ordered)
      most = max(most, ordered)
    }
    guard least <= most else { return nil }
    return (UInt16(bitPattern: least) ^ 0x8000)...(UInt16(bitPattern: most) ^ 0x8000)
  }

  /// How many of the pixels have each of `bins` values.
  @inline(__always)
  private static func histogram(_ bins: Int, _ pixels: Int, _ bin: (Int) -> Int) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    counts.withUnsafeMutableBufferPointer { counts in
      for pixel in 0..<pixels { counts[bin(pixel)] &+= 1 }
    }
    return counts
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
      return Level(rounding: min(max(0, grey * scale), Float(Level.max)))
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
