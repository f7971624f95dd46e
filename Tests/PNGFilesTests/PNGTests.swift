import Foundation
import PNGFiles
import Testing

@Suite struct PNGTests {
  @Test(arguments: [(1, 1), (3, 5), (96, 96), (200, 7)])
  func `an encoded picture is decoded to the same pixels`(rows: Int, columns: Int) throws {
    let pixels = (0..<rows * columns).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) }
    let file = PNG.encode(pixels, rows: rows, columns: columns)
    let read = try #require(PNG.decode(file))
    #expect(read.pixels == pixels && read.rows == rows && read.columns == columns)
  }

  @Test func `16-bit samples are big endian, and the file contains only the picture`() {
    let file = PNG.encode([UInt16](repeating: 0x1234, count: 16), rows: 4, columns: 4)
    // IHDR: width, height, depth, grey.
    #expect(Array(file[16..<26]) == [0, 0, 0, 4, 0, 0, 0, 4, 16, 0])
    let chunks = String(decoding: file, as: Unicode.ASCII.self)
    for chunk in ["tEXt", "tIME", "gAMA", "eXIf"] { #expect(!chunks.contains(chunk)) }
    // An 8-bit reader gets the upper half.
    #expect(PNG.decode(file)?.pixels.count == 16)
  }

  @Test func `other data is not decoded`() {
    #expect(PNG.decode(Data()) == nil)
    #expect(PNG.decode(Data("no picture".utf8)) == nil)
    #expect(
      PNG.decode(PNG.encode([UInt8](repeating: 9, count: 4), rows: 2, columns: 2).prefix(40)) == nil
    )
  }
}
