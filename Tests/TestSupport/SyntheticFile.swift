import Core
import Decoding

/// A small grey DICOM file with a gradient, with the changes that a test needs.
package enum SyntheticFile {
  package static let syntaxes = [
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
  ]

  /// - Parameters:
  ///   - changes: elements by tag; an empty value leaves the element out.
  ///   - pixels: rows × columns values; a gradient by default.
  package static func write(
    _ path: String, study: String = "1.2.3.4", instance: String = "1.2.3.4.5",
    syntax: String = "1.2.840.10008.1.2.1", changes: [UInt32: String] = [:], side: Int = 64,
    pixels: [UInt16]? = nil
  ) throws {
    var elements: [UInt32: String] = [
      0x0008_0016: "1.2.840.10008.5.1.4.1.1.2", 0x0008_0018: instance, 0x0008_0050: "ACC" + study,
      0x0008_0060: "CT", 0x0010_0010: "CANARYNAME^ANNA", 0x0010_0020: "CANARYID1",
      0x0020_000d: study,
      0x0020_000e: study + ".1", 0x0028_0002: "1", 0x0028_0004: "MONOCHROME2",
      0x0028_0010: String(side), 0x0028_0011: String(side), 0x0028_0100: "16", 0x0028_0101: "12",
      0x0028_0102: "11", 0x0028_0103: "0",
    ]
    elements.merge(changes) { $1 }
    let writer = try DICOMWriter()
    for (tag, value) in elements.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
      try writer.set(DICOMTag(rawValue: tag), value)
    }
    let ramp = (0..<side).map { UInt16($0 * 4095 / (side - 1)) }
    try writer.setPixels(pixels ?? (0..<side).flatMap { _ in ramp })
    try writer.save(path, transferSyntax: TransferSyntax(uid: syntax))
  }
}
