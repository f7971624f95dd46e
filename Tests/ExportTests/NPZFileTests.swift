import Clustering
import Core
import Foundation
import TestSupport
import Testing

@testable import Export

@Suite struct NPZFileTests {
  private static let layout = BlockLayout(lengths: [2, 1, 0], weights: [1, 1, 0])

  private static func write(_ folder: TemporaryFolder, _ name: String) throws -> String {
    var points = Points(layout: layout)
    points.append(Embedding(values: [1, -2.5, 3], mask: [BlockMask(.image), BlockMask(.tags)]))
    points.append(Embedding(values: [0, 0, 7], mask: BlockMask(.tags)))
    let path = try folder.file(name, "")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try NPZFile.write(["ab", "é"], points, [.made(), .made()], to: handle.fileDescriptor)
    return path
  }

  /// By Python's standard library, which also checks the CRC.
  private static func member(_ name: String, of path: String) throws -> Data {
    let script =
      "import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).hex())"
    let output = try Tool("/usr/bin/env").run(["python3", "-c", script, path, name])
    #expect(output.code == 0, "\(output.errors)")
    let digits = Array(output.output.utf8)
    return Data(
      stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)!
      })
  }

  @Test(arguments: [
    (
      "embeddings.npy", "'<f4'", "(2, 3,)",
      Data(scalars: [Float](arrayLiteral: 1, -2.5, 3, 0, 0, 7))
    ),
    ("mask.npy", "'|b1'", "(2, 3,)", Data([1, 1, 0, 0, 1, 0])),
    ("block_lengths.npy", "'<i8'", "(3,)", Data(scalars: [Int64](arrayLiteral: 2, 1, 0))),
    ("unit_key.npy", "'<U2'", "(2,)", Data(scalars: [UInt32](arrayLiteral: 97, 98, 0xe9, 0))),
    ("row_unit.npy", "'<i8'", "(2,)", Data(scalars: [Int64](arrayLiteral: -1, -1))),
  ])
  func `each array has its type, its shape and its values`(
    _ name: String, _ type: String, _ shape: String, _ values: Data
  ) throws {
    let folder = try TemporaryFolder()
    let data = try Self.member(name, of: try Self.write(folder, "a.npz"))
    let length = Int(data[8]) | Int(data[9]) << 8
    #expect((10 + length) % 64 == 0)
    let head = String(decoding: data[10..<10 + length], as: UTF8.self)
    #expect(
      head.hasPrefix("{'descr': \(type), 'fortran_order': False, 'shape': \(shape), }")
        && head.hasSuffix("\n"))
    #expect(data[(10 + length)...].elementsEqual(values))
  }

  @Test func `the same content gives the same bytes`() throws {
    let folder = try TemporaryFolder()
    let first = try readFile(try Self.write(folder, "a.npz"))
    #expect(try readFile(try Self.write(folder, "b.npz")) == first)
  }

  @Test(arguments: [[1], [12, 345], [999_999_999, 80]])
  func `a head is padded to a multiple of 64 bytes`(_ shape: [Int]) {
    #expect(NPZFile.head("<f4", shape).count % 64 == 0)
  }
}
