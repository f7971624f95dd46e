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
      return pixels.map { Level($0) * step }
    case .codes(let codes, let bits, let signed):
      var histogram = [Int](repeating: 0, count: 1 << bits)
      for code in codes { histogram[Int(code)] += 1 }
      let half = 1 << (bits - 1)
      let values = histogram.indices.map { Float(signed && $0 >= half ? $0 - 2 * half : $0) }
      let map: [Level] = grey(values, weights: histogram)
      return codes.map { map[Int($0)] }
    case .values(let values):
      return grey(values, weights: nil)
    }
  }

  /// The grey of each stored value. `weights` says how many pixels have it.
  private func grey<Level: FixedWidthInteger & UnsignedInteger>(
    _ stored: [Float], weights: [Int]?
  ) -> [Level] {
    let values = stored.map { modalityTable?($0) ?? $0 * slope + intercept }
    let ignored = stored.map { !$0.isFinite || padding?.contains($0) == true }
    let voi: (Float) -> Float
    if let window {
      voi = { window($0) }
    } else if let table {
      voi = { 255 * table($0) / table.top }
    } else {
      let (low, high) = Self.percentiles(values, weights: weights, ignored: ignored)
      voi = { high > low ? 255 * min(max(0, ($0 - low) / (high - low)), 1) : 0 }
    }
    return values.indices.map {
      if ignored[$0] { return 0 }
      let grey = voi(values[$0])
      let level = (inverted ? 255 - grey : grey) * Float(Level.max / 255)
      return Level(min(max(0, level.rounded()), Float(Level.max)))
    }
  }

  /// The 1st and 99th percentile of the values that are no padding.
  private static func percentiles(_ values: [Float], weights: [Int]?, ignored: [Bool]) -> (
    Float, Float
  ) {
    let order = values.indices.filter { !ignored[$0] && weights?[$0] != 0 }
      .sorted { values[$0] < values[$1] }
    let total = order.reduce(0) { $0 + (weights?[$1] ?? 1) }
    guard total > 0 else { return (0, 0) }
    var below = 0
    var low: Float?
    for index in order {
      below += weights?[index] ?? 1
      if low == nil && below * 100 >= total { low = values[index] }
      if below * 100 >= 99 * total { return (low ?? values[index], values[index]) }
    }
    return (0, 0)
  }
}
