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
  public init(_ path: String, encoding: String) throws(Rejection) {
    let content = try Self.content(path, encoding: encoding)
    guard Self.isHL7(path) else {
      let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
      identifiers = Redacted([name])
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
  public static func isReport(_ path: String, folders: [String]) -> Bool {
    if isHL7(path) { return true }
    guard path.ends(in: ".txt") else { return false }
    let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
    return isReportFolder(String(parent)) || folders.contains { path.hasPrefix($0 + "/") }
  }

  static func isReportFolder(_ path: String) -> Bool { ("/" + path).ends(in: "/reports") }

  private static func isHL7(_ path: String) -> Bool { path.ends(in: ".hl7") }

  private static func content(_ path: String, encoding: String) throws(Rejection) -> String {
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

extension String {
  /// Whether it ends with an ASCII text in lower case, in any case. Every file of a scan is asked, and `lowercased` would
  /// copy its path.
  fileprivate func ends(in text: StaticString) -> Bool {
    utf8.count >= text.utf8CodeUnitCount
      && zip(utf8.suffix(text.utf8CodeUnitCount), 0...).allSatisfy { byte, index in
        let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        return (isUpper ? byte | 0x20 : byte) == text.utf8Start[index]
      }
  }
}
