import Core
import Foundation

/// A report text beside the images: `REPORTS/<StudyInstanceUID or AccessionNumber>.txt`.
public enum ReportFile {
  /// Longest report that is read, bytes.
  public static let longest = 1 << 20

  /// True for a text file in a folder named "reports", in any case, or below one of `folders`.
  public static func isReport(_ path: String, folders: [String]) -> Bool {
    guard path.lowercased().hasSuffix(".txt") else { return false }
    let parent = (path as NSString).deletingLastPathComponent
    return isReportFolder(parent) || folders.contains { path.hasPrefix($0 + "/") }
  }

  static func isReportFolder(_ path: String) -> Bool {
    (path as NSString).lastPathComponent.lowercased() == "reports"
  }

  /// The identifier that the name gives: a StudyInstanceUID or an accession number.
  public static func identifier(_ path: String) -> Redacted<String> {
    Redacted(((path as NSString).lastPathComponent as NSString).deletingPathExtension)
  }

  /// The text in the configured encoding.
  ///
  /// - Throws: `Rejection` when the file can't be read, is too long, or is not in that encoding.
  public static func text(_ path: String, encoding: String) throws(Rejection) -> Redacted<String> {
    let data: Data
    do { data = try readFile(path) } catch {
      throw Rejection(.unreadable, "the report can't be read")
    }
    guard data.count <= longest else {
      throw Rejection(.malformed, "a report of \(data.count) bytes; at most \(longest) are read")
    }
    let encodings: [String: String.Encoding] = [
      "utf-8": .utf8, "iso-8859-2": .isoLatin2, "windows-1250": .windowsCP1250,
    ]
    guard let text = String(data: data, encoding: encodings[encoding] ?? .utf8) else {
      throw Rejection(
        .badEncoding,
        "the report is not \(encoding); set intake.report_encoding to what the site writes")
    }
    return Redacted(text)
  }
}
