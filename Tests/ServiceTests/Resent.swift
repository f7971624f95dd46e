import Foundation

/// DICOM files again under other UIDs, of another patient: the same pictures.
enum Resent {
  /// StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID in data set and header, PatientID, AccessionNumber: little
  /// endian.
  private static let tags: [[UInt8]] = [
    [0x20, 0, 0x0d, 0], [0x20, 0, 0x0e, 0], [0x08, 0, 0x18, 0], [0x02, 0, 0x03, 0],
    [0x10, 0, 0x20, 0], [0x08, 0, 0x50, 0],
  ]

  /// Writes a copy of every DICOM file below a folder.
  static func copyStudies(of folder: String, to other: String) throws {
    let names =
      FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }.sorted() ?? []
    for name in names {
      guard var data = FileManager.default.contents(atPath: folder + "/" + name),
        data.dropFirst(128).prefix(4) == Data("DICM".utf8)
      else { continue }
      for tag in tags { rename(tag, in: &data) }
      let path = other + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try data.write(to: URL(fileURLWithPath: path))
    }
  }

  /// Changes the last digits of the first element with a tag.
  private static func rename(_ tag: [UInt8], in data: inout Data) {
    guard let found = data.range(of: Data(tag)) else { return }
    let head = Array(data[found.upperBound..<found.upperBound + 4])
    // Explicit elements name their type before a length of two bytes.
    let isExplicit = head[0] >= UInt8(ascii: "A")
    let length = isExplicit ? Int(head[2]) : Int(head[0])
    let start = found.upperBound + 4
    for index in (start..<start + length).suffix(7) where data[index] > UInt8(ascii: "0") {
      guard data[index] < UInt8(ascii: "9") else { continue }
      data[index] = UInt8(ascii: "9") - (data[index] - UInt8(ascii: "0"))
    }
  }
}
