import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

/// How a JPEG stream describes itself overrides the data set around it.
@Suite struct JPEGStreamTests {
  private static let syntax = "1.2.840.10008.1.2.4.50"
  /// Red, green and blue of 64 blocks.
  private static let colours: [[UInt8]] = (0..<64).map { (index: Int) -> [UInt8] in
    let colour: [Int] = [index * 37 % 256, index * 91 % 256, 255 - index * 4]
    return colour.map { UInt8($0) }
  }

  private static func luminance(_ colour: [UInt8]) -> Double {
    zip([0.299, 0.587, 0.114], colour).reduce(0) { $0 + $1.0 * Double($1.1) }
  }

  /// ITU-R BT.601 in the full range, as in JFIF.
  private static func ycc(_ colour: [UInt8]) -> [UInt8] {
    let y = luminance(colour)
    return [
      y, 128 + (Double(colour[2]) - y) * 0.5 / 0.886, 128 + (Double(colour[0]) - y) * 0.5 / 0.701,
    ].map { UInt8(min(255, max(0, $0.rounded()))) }
  }

  private static func file(
    _ stream: [UInt8], samples: Int, photometric: String, allocated: Int = 8, side: Int = 64
  ) -> Data {
    var data = RawDataSet()
    data.set(0x0028_0002, "US", words: [UInt16(samples)])
    data.set(0x0028_0004, "CS", photometric)
    if samples > 1 { data.set(0x0028_0006, "US", words: [0]) }
    data.set(0x0028_0010, "US", words: [UInt16(side)])
    data.set(0x0028_0011, "US", words: [UInt16(side)])
    data.set(0x0028_0100, "US", words: [UInt16(allocated)])
    data.set(0x0028_0101, "US", words: [8])
    data.set(0x0028_0102, "US", words: [7])
    data.setPixels(fragment: stream)
    return data.file(.explicit, syntax: syntax)
  }

  /// The largest difference between the middle of a block and its true value.
  private static func error(_ file: Data, _ truth: [Double]) throws -> Double {
    let folder = try TemporaryFolder()
    let pixels = try RenderedFrame(path: folder.file("a.dcm", file), index: 0).pixels
    return (0..<64).map { abs(Double(middle($0, of: pixels)) - truth[$0]) }.max() ?? .infinity
  }

  private static func middle(_ block: Int, of pixels: [UInt8]) -> UInt8 {
    let (row, column) = (block / 8 * 8 + 4, block % 8 * 8 + 4)
    return pixels[row * 64 + column]
  }

  @Test(
    arguments: FlatJPEG.Marker.allCases, ["RGB", "YBR_FULL", "YBR_FULL_422"])
  func `the stream's colour model wins`(_ marker: FlatJPEG.Marker, _ photometric: String) throws {
    var jpeg = FlatJPEG()
    jpeg.marker = marker
    // If the stream doesn't say, the data set decides.
    let isRGB = marker == .adobeRGB || marker == .none && photometric == "RGB"
    let stream = jpeg.stream(isRGB ? Self.colours : Self.colours.map(Self.ycc))
    let file = Self.file(stream, samples: 3, photometric: photometric)
    #expect(try Self.error(file, Self.colours.map(Self.luminance)) <= 1)
  }

  @Test(arguments: ["RGB", "YBR_FULL", "YBR_FULL_422"])
  func `components named R, G and B are RGB`(_ photometric: String) throws {
    var jpeg = FlatJPEG()
    jpeg.identifiers = Array("RGB".utf8)
    let file = Self.file(jpeg.stream(Self.colours), samples: 3, photometric: photometric)
    #expect(try Self.error(file, Self.colours.map(Self.luminance)) <= 1)
  }

  @Test(arguments: [8, 16])
  func `eight bits are decoded, whatever is allocated`(_ allocated: Int) throws {
    let greys = (0..<64).map { UInt8($0 * 4) }
    let file = Self.file(
      FlatJPEG().stream(greys.map { [$0] }), samples: 1, photometric: "MONOCHROME2",
      allocated: allocated)
    let folder = try TemporaryFolder()
    let frame = try RenderedFrame(path: folder.file("a.dcm", file), index: 0)
    let shown = (0..<64).map { Self.middle($0, of: frame.pixels) }
    // Without a window, the range between the percentiles is stretched.
    #expect(shown == shown.sorted() && Set(shown).count > 55)
  }

  @Test(arguments: [(32, 64, 1, 1), (64, 32, 1, 1), (64, 64, 3, 1), (64, 64, 1, 3)])
  func `a stream of another size or with other components is rejected`(
    _ columns: Int, _ rows: Int, _ components: Int, _ samples: Int
  ) throws {
    let blocks = [[UInt8]](
      repeating: [UInt8](repeating: 90, count: components), count: columns * rows / 64)
    let file = Self.file(
      FlatJPEG(columns: columns, rows: rows).stream(blocks), samples: samples,
      photometric: samples == 1 ? "MONOCHROME2" : "RGB")
    let folder = try TemporaryFolder()
    let path = try folder.file("a.dcm", file)
    let rejection = #expect(throws: Rejection.self) {
      _ = try InstanceDecoder.decode(path, .init(side: 32, frames: 1))
    }
    #expect(rejection?.detail.isEmpty == false)
  }
}
