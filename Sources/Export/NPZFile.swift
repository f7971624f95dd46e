import Clustering
import Core
import Foundation

/// `embeddings.npz`: numpy's archive of arrays, read by `numpy.load`.
enum NPZFile {
  static let name = "embeddings.npz"

  /// Arrays, with U units of d dimensions and R rows in `labels.csv`:
  ///
  /// - `embeddings` [U × d], float32: the stored vectors, zero where a block is missing
  /// - `mask` [U × 3], bool: the blocks that each vector has
  /// - `blocks` [3], `block_lengths` [3], `block_weights` [3]: the vector's parts in their order
  /// - `unit_key` [U]: as in `labels.csv`
  /// - `row_unit` [R], int64: each row's unit, -1 for none
  ///
  /// - Throws: `FileError`.
  static func write(
    _ keys: [String], _ points: Points, _ rows: [ExportRow], to descriptor: Int32
  ) throws {
    let archive = try ArchiveFile(descriptor, .zip, path: name)
    let layout = points.layout
    let (count, dimensions) = (keys.count, layout.dimensions)
    try add("embeddings", "<f4", [count, dimensions], points.values, archive)
    let mask = points.masks.flatMap { mask in
      Block.allCases.map { UInt8(mask.contains($0) ? 1 : 0) }
    }
    try add("mask", "|b1", [count, Block.allCases.count], mask, archive)
    try add("blocks", Block.allCases.map(\.name), archive)
    try add("block_lengths", "<i8", [Block.allCases.count], layout.lengths.map(Int64.init), archive)
    try add("block_weights", "<f8", [Block.allCases.count], layout.weights, archive)
    try add("unit_key", keys, archive)
    try add("row_unit", "<i8", [rows.count], rows.map { Int64($0.unit?.row ?? -1) }, archive)
    try archive.close()
  }

  private static func add<Scalar: BitwiseCopyable>(
    _ name: String, _ type: String, _ shape: [Int], _ values: [Scalar], _ archive: ArchiveFile
  ) throws {
    let head = head(type, shape)
    try values.withUnsafeBytes { values in
      try archive.add(name + ".npy", size: head.count + values.count) { write in
        try head.withUnsafeBytes { try write($0) }
        try write(values)
      }
    }
  }

  /// Texts of one length in UTF-32, as numpy has them.
  private static func add(_ name: String, _ texts: [String], _ archive: ArchiveFile) throws {
    let length = max(1, texts.map(\.unicodeScalars.count).max() ?? 0)
    let scalars = texts.flatMap { text in
      text.unicodeScalars.map(\.value)
        + [UInt32](repeating: 0, count: length - text.unicodeScalars.count)
    }
    try add(name, "<U\(length)", [texts.count], scalars, archive)
  }

  /// The head of an npy file, version 1.0: its length is a multiple of 64.
  static func head(_ type: String, _ shape: [Int]) -> [UInt8] {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let padding = 63 - (10 + text.utf8.count) % 64
    let length = text.utf8.count + padding + 1
    return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + text.utf8
      + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
  }
}
