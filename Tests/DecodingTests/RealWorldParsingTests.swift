import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

/// Files as hospitals' devices and anonymizers write them.
@Suite struct RealWorldParsingTests {
  private static let ramp = (0..<64).map { UInt8((Double($0) * 255 / 63).rounded()) }

  private static func decode(_ data: Data) throws -> (DecodedInstance, RenderedFrame) {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.dcm", data)
    return (
      try InstanceDecoder.decode(path, .init(side: 64, frames: 1)).instance,
      try RenderedFrame(path: path, index: 0)
    )
  }

  private static func windowed() -> RawDataSet {
    var file = RawDataSet()
    file.set(0x0028_1050, "DS", "2048")
    file.set(0x0028_1051, "DS", "4096")
    return file
  }

  private static func isRamp(_ frame: RenderedFrame) -> Bool {
    zip(frame.pixels, ramp + ramp).prefix(128).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
  }

  @Test(arguments: [
    (RawDataSet.Encoding.explicit, "1.2.840.10008.1.2"),
    (.implicit, "1.2.840.10008.1.2.1"), (.explicit, "1.2.840.10008.1.2.2"),
    (.implicit, "1.2.840.10008.1.2.2"),
  ])
  func `the data set's own encoding is used`(_ encoding: RawDataSet.Encoding, _ said: String) throws
  {
    let (_, frame) = try Self.decode(Self.windowed().file(encoding, syntax: said))
    #expect(Self.isRamp(frame))
  }

  @Test(arguments: [-30, -2, 2, 8, 100, 9_000, 1 << 30])
  func `a wrong group length is ignored`(_ excess: Int) throws {
    for encoding in [RawDataSet.Encoding.implicit, .explicit] {
      let (_, frame) = try Self.decode(Self.windowed().file(encoding, excess: excess))
      #expect(Self.isRamp(frame))
    }
  }

  @Test(arguments: [0x0008_1140, 0x0012_0064, 0x0040_0275, 0x0008_1110] as [UInt32])
  func `text where a sequence belongs is dropped`(_ tag: UInt32) throws {
    var file = Self.windowed()
    file.set(tag, "SQ", "DEIDENTIFIED BY SOMEBODY")
    let (_, frame) = try Self.decode(file.file(.implicit))
    #expect(Self.isRamp(frame))
  }

  @Test
  func `nested text is dropped, also without pixels and after a wrong group length`() throws {
    var inner = RawDataSet.empty
    inner.set(0x0040_0275, "SQ", "NOTHING")
    var file = Self.windowed()
    file.set(0x0008_1110, item: inner, .implicit)
    #expect(Self.isRamp(try Self.decode(file.file(.implicit, excess: 40)).1))
    var report = RawDataSet.empty
    report.set(0x0008_0018, "UI", "1.2.3")
    report.set(0x0008_0060, "CS", "SR")
    report.set(0x0008_1110, "SQ", "NOTHING")
    report.set(0x0020_000d, "UI", "1.2")
    let folder = try TemporaryFolder()
    let path = try folder.file("a.dcm", report.file(.implicit))
    #expect(
      try InstanceDecoder.decode(path, .init(side: 64, frames: 1)).instance.decodePath
        == "no_pixels")
  }

  @Test func `fragments under a native header are not shown as noise`() throws {
    var file = RawDataSet()
    file.set(0x7fe0_0010, "OW", bytes: [])
    var data = file.encoded(.explicit)
    data.replaceSubrange(data.count - 4..<data.count, with: [0xff, 0xff, 0xff, 0xff])
    data += [0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0x00, 0xe0, 0x00, 0x30, 0, 0]
    data += [UInt8](repeating: 0x55, count: 0x3000) + [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]
    let whole = file.file(.explicit)
    let head = whole.prefix(whole.count - file.encoded(.explicit).count)
    #expect(throws: Rejection.self) { try Self.decode(head + Data(data)) }
  }

  @Test func `a truncated file is rejected despite repairs`() throws {
    var file = Self.windowed()
    file.set(0x0008_1140, "SQ", "DEIDENTIFIED")
    for length in [400, 3_000] {
      #expect(throws: Rejection.self) { try Self.decode(file.file(.implicit).prefix(length)) }
    }
  }

  @Test(arguments: [
    "", "ISO_IR 100", "ISO 2022 IR 100", "ISO IR 100", "iso_ir 100", "ISO_IR100", "ISO-IR 100",
    "ISO_IR 6", "ISO_IR 203", "LATIN1", "nonsense", "ISO_IR 192", "\\ISO 2022 IR 100",
  ])
  func `names are read whatever the character set is called`(_ term: String) throws {
    for name in [Array("Müller^Smithson".utf8), [0x4d, 0xfc] + Array("ller^Smithson".utf8)] {
      // A declared set is believed, even if the text is UTF-8.
      let isUTF8 = name.count == 16
      if isUTF8 && term.uppercased().contains("100") || isUTF8 && term == "LATIN1" { continue }
      var file = RawDataSet()
      if !term.isEmpty { file.set(0x0008_0005, "CS", term) }
      file.set(0x0010_0010, "PN", bytes: name)
      let (instance, _) = try Self.decode(file.file(.explicit))
      #expect(instance.names.revealed == ["müller", "smithson"], "\(term)")
    }
  }

  @Test func `names are found at any depth and in every group`() throws {
    var inner = RawDataSet.empty
    inner.set(0x0040_a123, "PN", "OBSERVER^OLGA")
    var file = RawDataSet()
    file.set(0x0008_0005, "CS", "ISO_IR 192")
    file.set(0x0010_0010, "PN", "Yamada^Tarou=山田^太郎=やまだ^たろう")
    file.set(0x0040_a730, item: inner, .explicit)
    let (instance, _) = try Self.decode(file.file(.explicit))
    #expect(
      Set(["yamada", "tarou", "山田", "太郎", "やまだ", "たろう", "observer", "olga"])
        .isSubset(of: instance.names.revealed))
  }

  private static func window(_ center: String, _ width: String) -> RawDataSet {
    var window = RawDataSet.empty
    window.set(0x0028_1050, "DS", center)
    window.set(0x0028_1051, "DS", width)
    return window
  }

  private static func group(_ macro: UInt32, _ item: RawDataSet) -> RawDataSet {
    var group = RawDataSet.empty
    group.set(macro, item: item, .explicit)
    return group
  }

  @Test func `windows come from the standard's macros, not from a vendor's`() throws {
    let right = Self.group(0x0028_9132, Self.window("2048", "4096"))
    let empty = Self.group(0x0028_9132, Self.window("", ""))
    let vendor = Self.group(0x2005_140f, Self.window("10", "20"))
    for (perFrame, shared) in [(vendor, right), (empty, right), (right, vendor), (vendor, empty)] {
      var file = Self.windowed()
      file.set(0x5200_9229, item: shared, .explicit)
      file.set(0x5200_9230, item: perFrame, .explicit)
      #expect(Self.isRamp(try Self.decode(file.file(.explicit)).1))
    }
  }
}
