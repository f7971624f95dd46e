import Core
import Decoding
import Foundation
import TestSupport
import Testing

/// Files that are small on disk and would be huge in memory.
@Suite struct BombTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func worker() -> DecodingWorker {
    DecodingWorker(
      .init(
        executable: DecodingWorker.defaultExecutable, instance: .init(side: 64, frames: 3),
        timeout: 60,
        memory: 600 << 20))
  }

  @Test func `a gigabyte of deflated zeros is refused by its size`() throws {
    let path = try folder.file("bomb.dcm", DeflateBomb.file(zeros: 1 << 30))
    let error = #expect(throws: Rejection.self) { try worker().decode(path).get() }
    #expect(error?.code == .tooLarge)
  }

  @Test func `an honest deflated file is read`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, syntax: "1.2.840.10008.1.2.1.99")
    #expect(try worker().decode(path).get().0.imageCount == 1)
  }

  @Test(arguments: SyntheticFile.syntaxes)
  func `absurd numbers of rows and columns take no memory`(_ syntax: String) throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, syntax: syntax)
    // The size is changed afterwards: no writer would encode such a picture.
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let isBig = syntax == "1.2.840.10008.1.2.2"
    for element: UInt8 in [0x10, 0x11] {
      let tag = Data(isBig ? [0, 0x28, 0, element] : [0x28, 0, element, 0])
      let place = try #require(data.range(of: tag))
      data.replaceSubrange(place.upperBound + 4..<place.upperBound + 6, with: [0xff, 0xff])
    }
    try data.write(to: URL(fileURLWithPath: path))
    #expect(try worker().decode(path).get().0.decodePath == "frame_too_large")
  }

  @Test func `a long cine is decoded in the memory of a frame`() throws {
    // 400 MiB of frames in a worker with 300 MiB of address space.
    let path = folder.path + "/cine.dcm"
    let frame = (0..<1024 * 512).map { UInt16($0 % 4096) }
    try SyntheticFile.write(
      path, changes: [0x0028_0008: "400", 0x0028_0010: "1024", 0x0028_0011: "512"], pixels: frame)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = try #require(data.range(of: Data([0xe0, 0x7f, 0x10, 0])))
    withUnsafeBytes(of: UInt32(frame.count * 2 * 400).littleEndian) {
      data.replaceSubrange(length.upperBound + 4..<length.upperBound + 8, with: $0)
    }
    try data.write(to: URL(fileURLWithPath: path))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    for _ in 1..<400 { try handle.write(contentsOf: data.suffix(frame.count * 2)) }
    try handle.close()
    let small = DecodingWorker(
      .init(
        executable: DecodingWorker.defaultExecutable, instance: .init(side: 64, frames: 3),
        timeout: 60,
        memory: 300 << 20))
    #expect(try small.decode(path).get().0.imageCount == 3)
  }

  @Test func `ten thousand declared frames with one present are truncated`() throws {
    let path = folder.path + "/frames.dcm"
    try SyntheticFile.write(path, changes: [0x0028_0008: "10000"])
    let result = try worker().decode(path)
    guard case .failure(let rejection) = result else {
      return #expect(Bool(false), "there is one frame only")
    }
    #expect(rejection.code == .truncated)
  }
}

/// A deflated DICOM file of any number of zeros, written with fixed Huffman codes (RFC 1951) by hand.
private enum DeflateBomb {
  static func file(zeros: Int) -> Data {
    func element(_ tag: [UInt8], _ kind: String, _ value: [UInt8]) -> [UInt8] {
      tag + Array(kind.utf8) + [UInt8(value.count), 0] + value
    }
    let syntax = element([2, 0, 0x10, 0], "UI", Array("1.2.840.10008.1.2.1.99".utf8))
    var bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    bytes += element([2, 0, 0, 0], "UL", [UInt8(syntax.count), 0, 0, 0]) + syntax
    var head = element([8, 0, 0x18, 0], "UI", Array("1.2.30".utf8))
    head += element([0x20, 0, 0x0d, 0], "UI", Array("1.2.44".utf8))
    head += [0xe0, 0x7f, 0x10, 0] + Array("OW".utf8) + [0, 0]
    head += withUnsafeBytes(of: UInt32(zeros).littleEndian) { Array($0) }
    var bits = Bits()
    bits.append(1, count: 1)
    bits.append(1, count: 2)
    for byte in head + [0] { bits.literal(byte) }
    // Length 258 is symbol 285, 11000101 from the most significant bit; distance 1 is symbol 0.
    for _ in 0..<zeros / 258 {
      bits.append(0b1010_0011, count: 8)
      bits.append(0, count: 5)
    }
    return Data(bytes + bits.finished)
  }

  private struct Bits {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var count: UInt32 = 0

    /// Least significant bit first.
    mutating func append(_ value: UInt32, count added: UInt32) {
      pending |= value << count
      count += added
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        count -= 8
      }
    }

    mutating func literal(_ byte: UInt8) {
      let (code, width): (UInt32, UInt32) =
        byte < 144 ? (0x30 + UInt32(byte), 8) : (0x190 + UInt32(byte) - 144, 9)
      append((0..<width).reduce(0) { $0 | (code >> (width - 1 - $1) & 1) << $1 }, count: width)
    }

    var finished: [UInt8] { bytes + [UInt8(truncatingIfNeeded: pending)] }
  }
}
