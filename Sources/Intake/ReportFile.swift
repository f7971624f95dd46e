import Core
import Foundation
import Glibc

/// A report beside the images: `REPORTS/<StudyInstanceUID or AccessionNumber>.txt`, or HL7 v2 messages (ORU, MDM) in a
/// file `.hl7` anywhere.
package struct ReportFile: Sendable {
  /// One for each study that the file is about.
  package let reports: [Report]

  /// Maximum size of a text, and of a file of HL7 messages, bytes.
  package static let longest = 1 << 20
  package static let longestHL7 = 64 << 20

  /// - Parameter encoding: a character set that iconv knows.
  /// - Throws: `Rejection` when the file can't be read, is too long, is not in that encoding, or holds no
  ///   message that names a study.
  package init(_ path: some FilePathConvertible, encoding: String) throws(Rejection) {
    let path = path.filePath
    let isHL7 = Self.isHL7(path)
    let bytes = try Self.content(path, atMost: isHL7 ? Self.longestHL7 : Self.longest)
    let encoding = TextEncoding(encoding) ?? .utf8
    guard isHL7 else {
      guard let text = encoding.decode(bytes) else {
        throw Rejection(
          .badEncoding,
          "the report is not \(encoding.name); set intake.report_encoding to what the site writes")
      }
      reports = [
        Report(
          identifiers: Redacted([Self.identifier(path).withoutPadding]), patients: Redacted([]),
          names: Redacted([]),
          observations: [
            Observation(
              identity: Redacted(""), rank: ReportRank(stage: .final),
              text: Redacted(text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text))
          ])
      ]
      return
    }
    reports = try Self.reports(bytes, encoding)
  }

  /// The reports of every usable message.
  ///
  /// - Throws: `Rejection`, the first message's, if none is usable.
  static func reports(_ bytes: [UInt8], _ encoding: TextEncoding) throws(Rejection) -> [Report] {
    let wide = HL7Framing.wide(bytes)
    let (bytes, encoding) = (wide ?? bytes, wide == nil ? encoding : .utf8)
    var reports: [Report] = []
    var rejection: Rejection?
    for message in HL7Framing.messages(bytes) {
      do throws(Rejection) {
        reports += try HL7Reports(HL7Message(message, encoding: encoding)).reports
      } catch {
        rejection = rejection ?? error
      }
    }
    guard reports.isEmpty else { return reports }
    throw rejection ?? Rejection(.malformed, "no HL7 message: it must begin with MSH")
  }

  /// True for a text file in a folder named "reports", in any case, or below one of `folders`, and for HL7.
  package static func isReport(_ path: some FilePathConvertible, folders: [String]) -> Bool {
    let path = path.filePath
    if isHL7(path) { return true }
    guard path.ends(in: ".txt") else { return false }
    return isReportFolder(path.parent) || folders.contains { path.isBelow($0.filePath) }
  }

  static func isReportFolder(_ path: FilePath) -> Bool {
    path.ends(in: "reports") && path.lastComponent.count == 7
  }

  /// A file's name without its extension, read as Latin-1 if it is not UTF-8.
  private static func identifier(_ path: FilePath) -> String {
    let name = path.lastComponent
    let stem = name.lastIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? name
    return String(validating: stem, as: UTF8.self)
      ?? String(String.UnicodeScalarView(stem.map { Unicode.Scalar($0) }))
  }

  private static func isHL7(_ path: FilePath) -> Bool { path.ends(in: ".hl7") }

  private static func content(_ path: FilePath, atMost limit: Int) throws(Rejection) -> [UInt8] {
    var information = stat()
    if path.withCString({ stat($0, &information) }) == 0, information.st_size > limit {
      throw Rejection(.tooLarge, "the report has more than \(limit) bytes")
    }
    do { return Array(try readFile(path, atMost: limit)) } catch {
      throw Rejection(.unreadable, "the report can't be read, or has more than \(limit) bytes")
    }
  }
}
