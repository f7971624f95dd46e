import Core
import Foundation

/// Maps stored values to grey levels of 8 or 16 bits: padding → modality transformation → VOI → polarity
/// (PS3.3 C.11.1, C.11.2, C.7.6.3.1.2).
struct Windowing {
  private let slope: Double
  private let intercept: Double
  private let modalityTable: LookupTable?
  private let window: Window?
  private let table: LookupTable?
  private let padding: ClosedRange<Double>?
  private let inverted: Bool

  struct Window {
    enum Function { case linear, linearExact, sigmoid }
    var center: Double
    var width: Double
    var function: Function = .linear

    /// - Returns: `nil` for a width that the function doesn't allow (PS3.3 C.11.2.1.2 and C.11.2.1.3).
    init?(center: Double, width: Double, function: String) {
      switch function.uppercased() {
      case "SIGMOID": self.function = .sigmoid
      case "LINEAR_EXACT": self.function = .linearExact
      default: self.function = .linear
      }
      guard self.function == .linear ? width >= 1 : width > 0 else { return nil }
      self.center = center
      self.width = width
    }

    /// 0…255
    @inline(__always)
    func callAsFunction(_ value: Double) -> Double {
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

  /// Reads the values for one frame. An invalid slope, an empty window and one that is too narrow count as absent.
  init(_ file: borrowing DICOMFile, frame: Int, layout: PixelLayout) {
    let slope = file.number(.rescaleSlope, frame: frame) ?? 1
    self.slope = slope != 0 ? slope : 1
    intercept = file.number(.rescaleIntercept, frame: frame) ?? 0
    modalityTable = LookupTable(
      file, sequence: .modalityLUTSequence, frame: frame, isSigned: layout.isSigned, isScaled: false
    )
    if let center = file.number(.windowCenter, frame: frame),
      let width = file.number(.windowWidth, frame: frame),
      let window = Window(
        center: center, width: width, function: file.string(.voiLUTFunction, frame: frame) ?? "")
    {
      self.window = window
      table = nil
    } else {
      window = nil
      // The output of a modality table is unsigned; otherwise the sign is that of the smallest possible value
      // (PS3.3 C.11.2.1.1).
      let (factor, offset) = (self.slope, intercept)
      let isNegative = layout.range.contains { Double($0) * factor + offset < 0 }
      table = LookupTable(
        file, sequence: .voiLUTSequence, frame: frame,
        isSigned: modalityTable == nil && isNegative, isScaled: true)
    }
    padding = Self.padding(file, layout)
    inverted = layout.photometric == "MONOCHROME1"
  }

  /// The padding's 16 bits have the sign of the pixels, whatever their VR.
  private static func padding(_ file: borrowing DICOMFile, _ layout: PixelLayout)
    -> ClosedRange<Double>?
  {
    func value(_ tag: DICOMTag) -> Double? {
      guard let word = file.words(tag)?.first else { return file.number(tag) }
      return layout.isSigned ? Double(Int16(bitPattern: word)) : Double(word)
    }
    guard let first = value(.pixelPaddingValue) else { return nil }
    let limit = value(.pixelPaddingRangeLimit) ?? first
    return min(first, limit)...max(first, limit)
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
      return .levels(levels(values))
    }
  }

  /// The grey of each code that occurs.
  private func greysOfCodes<Level: FixedWidthInteger & UnsignedInteger, Word>(
    _ codes: StoredCodes, _ code: StoredCodes.Reader<Word>
  ) -> [Level] {
    var result = [Level](repeating: 0, count: 1 << codes.bits)
    // Flipping the sign bit makes codes rise with their values.
    let flip: UInt16 = codes.isSigned ? 1 << (codes.bits - 1) : 0
    // With many pixels, computing the grey of every possible code is faster than finding the codes that occur.
    let isMany = codes.count >= 32 * result.count
    guard
      let range = isMany
        ? 0...UInt16(result.count - 1) : Self.range(codes.count, { code[$0] ^ flip })
    else { return result }
    let value = { (ordered: UInt16) in Double(Int(ordered) - Int(flip)) }
    var (low, high) = (0.0, 0.0)
    if window == nil && table == nil {
      let histogram = Self.histogram(range.count, codes.count) {
        Int((code[$0] ^ flip) &- range.lowerBound)
      }
      (low, high) = percentiles(range.map(value), histogram)
    }
    for ordered in range { result[Int(ordered ^ flip)] = level(value(ordered), low, high) }
    return result
  }

  /// From the smallest to the largest of the pixels' values; `nil` without pixels.
  @inline(__always)
  private static func range(_ pixels: Int, _ value: (Int) -> UInt16) -> ClosedRange<UInt16>? {
    // As signed numbers, for which vector instructions have a minimum.
    var (least, most) = (Int16.max, Int16.min)
    for pixel in 0..<pixels {
      let ordered = Int16(bitPattern: value(pixel) ^ 0x8000)
      least = min(least, ordered)
      most = max(most, ordered)
    }
    guard least <= most else { return nil }
    return (UInt16(bitPattern: least) ^ 0x8000)...(UInt16(bitPattern: most) ^ 0x8000)
  }

  /// The number of pixels with each of `bins` values.
  @inline(__always)
  private static func histogram(_ bins: Int, _ pixels: Int, _ bin: (Int) -> Int) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    counts.withUnsafeMutableBufferPointer { counts in
      for pixel in 0..<pixels { counts[bin(pixel)] &+= 1 }
    }
    return counts
  }

  /// The grey of each pixel, for frames in which nearly every pixel has a value of its own.
  private func levels<Level: FixedWidthInteger & UnsignedInteger>(_ numbers: StoredNumbers)
    -> [Level]
  {
    numbers.withValues { value in
      var (low, high) = (0.0, 0.0)
      if window == nil && table == nil {
        var shown: [Double] = []
        shown.reserveCapacity(numbers.count)
        for pixel in 0..<numbers.count where isShown(value(pixel)) {
          shown.append(modality(value(pixel)))
        }
        shown.sort()
        if let last = shown.indices.last {
          low = shown[last / 100]
          high = shown[(99 * shown.count + 99) / 100 - 1]
        }
      }
      return [Level](unsafeUninitializedCapacity: numbers.count) { levels, filled in
        for pixel in 0..<numbers.count {
          levels.initializeElement(at: pixel, to: level(value(pixel), low, high))
        }
        filled = numbers.count
      }
    }
  }

  @inline(__always)
  private func level<Level: FixedWidthInteger & UnsignedInteger>(
    _ value: Double, _ low: Double, _ high: Double
  ) -> Level {
    guard isShown(value) else { return 0 }
    var grey: Double
    if let window {
      grey = window(modality(value))
    } else if let table {
      grey = 255 * table(modality(value)) / table.top
    } else {
      grey = high > low ? 255 * min(max(0, (modality(value) - low) / (high - low)), 1) : 0
    }
    if inverted { grey = 255 - grey }
    // Very large doubles may give NaN.
    guard !grey.isNaN else { return 0 }
    // Via a concrete type: the conversion to a generic one takes a loop.
    return Level(
      truncatingIfNeeded: Int32(
        min(max(0, grey * Double(Level.max / 255) + 0.5), Double(Level.max))))
  }

  @inline(__always)
  private func modality(_ value: Double) -> Double {
    modalityTable?(value) ?? value * slope + intercept
  }

  /// Padding is not part of the picture.
  @inline(__always)
  private func isShown(_ value: Double) -> Bool {
    value.isFinite && padding?.contains(value) != true
  }

  /// The 1st and 99th percentile of the values that are shown. `weights`: the number of pixels with each value.
  private func percentiles(_ stored: [Double], _ weights: [Int]) -> (Double, Double) {
    let shown = stored.indices.filter { isShown(stored[$0]) && weights[$0] != 0 }
    var order = shown.map { (value: modality(stored[$0]), weight: weights[$0]) }
    order.sort { $0.value < $1.value }
    let total = order.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return (0, 0) }
    var below = 0
    var low: Double?
    for (value, weight) in order {
      below += weight
      if low == nil && below * 100 >= total { low = value }
      if below * 100 >= 99 * total { return (low ?? value, value) }
    }
    return (0, 0)
  }
}
