import Core
import TestSupport
import Testing

@testable import Decoding

/// Pictures are shown without the text that devices write into them.
@Suite struct MaskedBorderTests {
  @Test(arguments: [(512, 512), (512, 256), (300, 1_000), (1, 1_000), (17, 16)], [32, 96, 224])
  func `a tenth of the picture is black on each side, wherever it is in the square`(
    _ size: (rows: Int, columns: Int), _ side: Int
  ) {
    let white = GreyImage(side: side, pixels: [UInt8](repeating: 255, count: side * side))
    let masked = white.maskingBorder(rows: size.rows, columns: size.columns)
    let square = Double(max(size.rows, size.columns))
    for (rows, place) in [(size.rows, { $0 / side }), (size.columns, { $0 % side })]
      as [(Int, (Int) -> Int)]
    {
      let shown = Double(side) * Double(rows) / square
      let start = (Double(side) - shown) / 2
      let lit = masked.pixels.indices.filter { masked.pixels[$0] > 0 }.map(place)
      #expect(lit.allSatisfy { Double($0) >= start + shown * 0.1 - 1e-9 })
      #expect(lit.allSatisfy { Double($0 + 1) <= start + shown * 0.9 + 1e-9 })
      if min(size.rows, size.columns) > 10 { #expect(!lit.isEmpty) }
    }
  }

  @Test(
    arguments: [
      ([:], false), ([0x0008_0060: "US"], true),
      ([0x0008_0016: "1.2.840.10008.5.1.4.1.1.6.1"], true),
      ([0x0008_0016: "1.2.840.10008.5.1.4.1.1.3.1"], true),
      ([0x0008_0016: "1.2.840.10008.5.1.4.1.1.7"], true),
      ([0x0008_0016: "1.2.840.10008.5.1.4.1.1.7.4"], true), ([0x0008_0064: "WSD"], true),
      ([0x0008_0060: "OT"], true), ([0x0008_0008: "DERIVED\\SECONDARY\\SCREEN SAVE"], true),
      ([0x0008_0008: "ORIGINAL\\PRIMARY\\AXIAL"], false),
      ([0x0008_0060: "MR", 0x0008_0016: "1.2.840.10008.5.1.4.1.1.4"], false),
      ([0x0008_0060: "US", 0x0028_0301: "NO"], true),
    ] as [([UInt32: String], Bool)])
  func `the kind of picture decides if text is likely`(_ changes: [UInt32: String], _ likely: Bool)
    throws
  {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, changes: changes)
    let (instance, _) = try InstanceDecoder.decode(path, .init(side: 32, frames: 1))
    #expect(instance.isTextLikely == likely && !instance.isBurnedIn)
    #expect(instance.rows == 64 && instance.columns == 64)
  }

  @Test(arguments: [0x0028_0301, 0x0028_0302] as [UInt32])
  func `a file that declares identifying content is believed`(_ tag: UInt32) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, changes: [tag: "YES"])
    #expect(try InstanceDecoder.decode(path, .init(side: 32, frames: 1)).instance.isBurnedIn)
  }
}
