import Foundation

/// The shared corpora, which are not part of the repository. Tests that need one are skipped with a message if it
/// is not beside the checkout.
package enum Corpus {
  package static let teaching = folder("teaching")
  package static let dicom = folder("dicom")

  private static func folder(_ name: String) -> String? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("shared/corpus/\(name)").path
    guard FileManager.default.fileExists(atPath: path) else {
      print("SKIPPED: there is no corpus at \(path)")
      return nil
    }
    return path
  }
}
