import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

@Suite struct WindowingTests {
  /// Windows one row of stored values through a real file.
  private func render(_ values: [UInt16], _ changes: [UInt32: String]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.dcm"
    var elements: [UInt32: String] = [0x0028_0010: "1", 0x0028_0011: String(values.count)]
    elements.merge(changes) { $1 }
    try SyntheticFile.write(path, changes: elements, pixels: values)
    let file = try DICOMFile(path: path)
    var layout = file.layout
    let bytes = try file.frame(0, layout: &layout)
    return try Windowing(file, frame: 0, layout: layout).render(
      StoredValues(bytes: .own(bytes), layout: layout, palette: nil)
    ).levels
  }

  @Test(arguments: [
    [0x0028_1050: "900", 0x0028_1051: "1500"], [:], [0x0028_0004: "MONOCHROME1"],
    [0x0028_0103: "1", 0x0028_1050: "-100", 0x0028_1051: "700"], [0x0028_0120: "37"],
  ])
  func `a grey doesn't depend on how many pixels there are`(_ changes: [UInt32: String]) throws {
    let few = (0..<4_096).map { UInt16($0 * 37 % 2_048 + 3) }
    let many = (0..<64).flatMap { _ in few }
    let shape: [UInt32: String] = [0x0028_0010: "512", 0x0028_0011: "512"]
    let greys = try render(many, changes.merging(shape) { $1 })
    #expect(Set(greys).count > 50)
    #expect(Array(greys.prefix(few.count)) == (try render(few, changes)))
  }

  @Test func `greys match pydicom's, also halfway between two levels`() throws {
    let file = try golden("windowing", in: .module)
    let stored = file["stored"]?.integers.map { UInt16($0) } ?? []
    for item in file["cases"]?.array ?? [] {
      func text(_ key: String) -> String { item[key]?.double.map { "\($0)" } ?? "" }
      let grey = try render(
        stored,
        [
          0x0028_1053: text("slope"), 0x0028_1052: text("intercept"), 0x0028_1050: text("center"),
          0x0028_1051: text("width"), 0x0028_1056: item["function"]?.string ?? "",
        ])
      let theirs = item["grey"]?.integers ?? []
      let differing = zip(grey, theirs).filter { Int($0) != $1 }
      #expect(grey.count == theirs.count && differing.isEmpty, "\(text("slope")) \(differing)")
    }
  }

  private static let ramp = (0..<200).map { UInt16($0 * 20) }

  @Test(
    arguments: [
      [:], [0x0028_1050: "40"], [0x0028_1050: "40", 0x0028_1051: "0"],
      [0x0028_1050: "40", 0x0028_1051: "-5"],
      [0x0028_1050: "x", 0x0028_1051: "y"],
    ] as [[UInt32: String]])
  func `percentiles replace an absent or invalid window`(_ changes: [UInt32: String]) throws {
    let grey = try render(Self.ramp, changes)
    #expect(grey.first == 0 && grey.last == 255)
    #expect(abs(Int(grey[100]) - 128) <= 2)
  }

  @Test func `the first of several windows counts`() throws {
    let one = try render(Self.ramp, [0x0028_1050: "2000", 0x0028_1051: "1000"])
    let several = try render(Self.ramp, [0x0028_1050: "2000\\100", 0x0028_1051: "1000\\10"])
    #expect(one == several)
  }

  @Test func `MONOCHROME1 is inverted`() throws {
    let window: [UInt32: String] = [0x0028_1050: "2000", 0x0028_1051: "4000"]
    let bright = try render(Self.ramp, window)
    let dark = try render(Self.ramp, window.merging([0x0028_0004: "MONOCHROME1"]) { $1 })
    for (left, right) in zip(bright, dark) { #expect(abs(Int(left) + Int(right) - 255) <= 1) }
  }

  @Test func `padding is black and doesn't stretch the percentiles`() throws {
    var values = Self.ramp.map { $0 / 10 }
    for index in 0..<50 { values[index] = 4_000 }
    let grey = try render(values, [0x0028_0120: "4000"])
    #expect(grey[..<50].allSatisfy { $0 == 0 })
    #expect(grey[199] == 255)
  }

  @Test(arguments: ["0", "1"])
  func `bits above and below a code are ignored`(_ sign: String) throws {
    let codes = (0..<128).map { UInt16($0 * 16) }
    let window: [UInt32: String] = [
      0x0028_1050: "1000", 0x0028_1051: "1500", 0x0028_0103: sign, 0x0028_0101: "11",
    ]
    let plain = try render(codes, window.merging([0x0028_0102: "10"]) { $1 })
    #expect(Set(plain).count > 30)
    let overlaid = try render(
      codes.map { $0 | 0xa000 }, window.merging([0x0028_0102: "10"]) { $1 })
    #expect(overlaid == plain)
    let shifted = try render(
      codes.map { $0 << 3 | 0x8005 }, window.merging([0x0028_0102: "13"]) { $1 })
    #expect(shifted == plain)
  }

  @Test(arguments: ["0", "nonsense", ""])
  func `an invalid slope counts as one`(_ slope: String) throws {
    let window: [UInt32: String] = [0x0028_1050: "2000", 0x0028_1051: "4000"]
    let plain = try render(Self.ramp, window)
    let odd = try render(Self.ramp, window.merging([0x0028_1053: slope]) { $1 })
    #expect(plain == odd)
  }
}
