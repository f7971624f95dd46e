import Core
import Foundation

/// A report beside the images: `REPORTS/<StudyInstanceUID or AccessionNumber>.txt`, or an HL7 v2 ORU^R01
/// message in a file `.hl7` anywhere.
public struct ReportFile: Sendable {
  /// StudyInstanceUIDs or accession numbers that the report may be found under.
  public let identifiers: Redacted<[String]>
  public let text: Redacted<String>
  /// Parts of names that the report itself gives, lower case, to be removed from its text.
  public let names: Redacted<[String]>

  /// Longest report that is read, bytes.
  public static let longest = 1 << 20

  /// - Parameter encoding: `utf-8`, `iso-8859-2` or `windows-1250`.
  /// - Throws: `Rejection` when the file can't be read, is too long, is not in that encoding, or is no
  ///   message that names a study.
  public init(_ path: some FilePathConvertible, encoding: String) throws(Rejection) {
    let path = path.filePath
    let content = try Self.content(path, encoding: encoding)
    guard Self.isHL7(path) else {
      identifiers = Redacted([Self.identifier(path)])
      text = Redacted(content)
      names = Redacted([])
      return
    }
    let message = try HL7Report(content)
    identifiers = Redacted(message.identifiers)
    text = Redacted(message.text)
    names = Redacted(message.names.sorted())
  }

  /// True for a text file in a folder named "reports", in any case, or below one of `folders`, and for HL7.
  public static func isReport(_ path: some FilePathConvertible, folders: [String]) -> Bool {
    let path = path.filePath
    if isHL7(path) { return true }
    guard path.ends(in: ".txt") else { return false }
    return isReportFolder(path.parent) || folders.contains { path.isBelow($0.filePath) }
  }

  static func isReportFolder(_ path: FilePath) -> Bool {
    path.ends(in: "reports") && path.lastComponent.count == 7
  }

  /// A file's name without its extension, in Latin-1 where it is no UTF-8.
  private static func identifier(_ path: FilePath) -> String {
    let name = path.lastComponent
    let stem = name.lastIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? name
    return String(validating: stem, as: UTF8.self)
      ?? String(String.UnicodeScalarView(stem.map { Unicode.Scalar($0) }))
  }

  private static func isHL7(_ path: FilePath) -> Bool { path.ends(in: ".hl7") }

  private static func content(_ path: FilePath, encoding: String) throws(Rejection) -> String {
    let data: Data
    do { data = try readFile(path, atMost: longest) } catch {
      throw Rejection(.unreadable, "the report can't be read, or has more than \(longest) bytes")
    }
    let encodings: [String: String.Encoding] = [
      "utf-8": .utf8, "iso-8859-2": .isoLatin2, "windows-1250": .windowsCP1250,
    ]
    guard let text = String(data: data, encoding: encodings[encoding] ?? .utf8) else {
      throw Rejection(
        .badEncoding,
        "the report is not \(encoding); set intake.report_encoding to what the site writes")
    }
    return text
  }
}
