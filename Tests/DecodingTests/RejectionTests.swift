import Core
import Decoding
import Foundation
import TestSupport
import Testing

@Suite struct RejectionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rejection(_ path: String) -> Rejection? {
    do {
      _ = try InstanceDecoder.decode(path, .init(side: 32, frames: 1))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["", "x", "<html></html>", String(repeating: "DICOM? no. ", count: 100)])
  func `files that aren't DICOM are recognised by content`(_ text: String) throws {
    #expect(rejection(try folder.file("a.dcm", text))?.code == .notDICOM)
  }

  @Test func `a missing file is unreadable`() {
    #expect(rejection(folder.path + "/nothing")?.code == .unreadable)
  }

  @Test func `a file without a study is refused`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, changes: [0x0020_000d: ""])
    #expect(rejection(path)?.code == .missingStudyUID)
  }

  @Test(arguments: [0.2, 0.5, 0.9, 0.99])
  func `a file cut short is refused, wherever it was cut`(_ share: Double) throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.prefix(Int(share * Double(whole.count))).write(to: URL(fileURLWithPath: path))
    let code = try #require(rejection(path)?.code)
    #expect([.truncated, .malformed].contains(code))
  }

  @Test(arguments: [1, 3, 700])
  func `bytes after the pixels are ignored`(_ count: Int) throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data((0..<count).map { UInt8($0 % 251 + 3) }))
    try handle.close()
    #expect(rejection(path) == nil)
  }

  @Test(arguments: ["SQ", "UN", "LO", "US", "FD", "OB", "??"], SyntheticFile.syntaxes)
  func `pixel data with any VR does no harm`(_ kind: String, _ syntax: String) throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, syntax: syntax)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let tags = [Data([0xe0, 0x7f, 0x10, 0]), Data([0x7f, 0xe0, 0, 0x10])]
    let place = try #require(tags.compactMap { data.range(of: $0, options: .backwards) }.first)
    data.replaceSubrange(place.upperBound..<place.upperBound + 2, with: Data(kind.utf8))
    try data.write(to: URL(fileURLWithPath: path))
    // Either an instance or a reason; the process survives.
    if let rejection = rejection(path) { #expect(!rejection.detail.isEmpty) }
  }

  @Test func `bits that contradict each other are refused`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, changes: [0x0028_0101: "17"])
    #expect(rejection(path)?.code == .malformed)
  }

  @Test func `an absurd declared size allocates nothing`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, changes: [0x0028_0010: "65535", 0x0028_0011: "65535"])
    let decoded = try InstanceDecoder.decode(path, .init(side: 32, frames: 1))
    #expect(decoded.instance.decodePath == "frame_too_large")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `flipped bits don't crash the decoder`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let path = folder.path + "/a.dcm"
    let syntaxes = SyntheticFile.syntaxes
    try SyntheticFile.write(path, syntax: syntaxes[Int(seed) % syntaxes.count])
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    for _ in 0..<(1 + seed % 20) {
      data[Int(generator.next() % UInt64(data.count))] ^= UInt8(1 << (generator.next() % 8))
    }
    try data.write(to: URL(fileURLWithPath: path))
    // Either an instance or a reason; the process survives.
    if let rejection = rejection(path) { #expect(!rejection.detail.isEmpty) }
  }
}
