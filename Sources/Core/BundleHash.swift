import Foundation

/// A bundle's name: 16 lower-case hexadecimal digits of its manifest's SHA-256. Nothing else becomes part of a path,
/// whoever sends it.
package struct BundleHash: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  /// The error message for anything else.
  package static let rule =
    "a bundle is named by 16 hexadecimal digits; radiologynetctl bundle list shows them"

  package init?(_ text: String) {
    guard text.utf8.count == 16,
      text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
    else { return nil }
    description = text
  }
}

extension Configuration.State {
  /// The bundle that the daemon should use; `nil` if none is named.
  ///
  /// - Throws: `FileError` when the file can't be read or names no bundle.
  package func namedBundle() throws -> BundleHash? {
    guard FileManager.default.fileExists(atPath: activeBundle) else { return nil }
    let text = String(decoding: try readFile(activeBundle, atMost: 1_024), as: UTF8.self)
    guard let hash = BundleHash(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw FileError(
        path: activeBundle,
        problem:
          "names no bundle: write it with radiologynetctl bundle activate HASH, or remove it; radiologynetctl bundle list shows the bundles",
        exitCode: .data)
    }
    return hash
  }
}
