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

  @Test(arguments: [0x0028_0301, 0x0028_0302] as [UInt32])
  func `a file that declares identifying content is believed`(_ tag: UInt32) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, changes: [tag: "YES"])
    #expect(try InstanceDecoder.decode(path, .init(side: 32, frames: 1)).instance.isBurnedIn)
  }
}
