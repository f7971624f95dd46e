import Foundation

/// A name that a person gives a cluster: one line of printable text in NFC, of at most 100 characters.
package struct ClusterName: Sendable, Equatable {
  package static let longest = 100
  /// Letters of some scripts have several marks; more in a row would cover the lines around them.
  private static let mostMarks = 3
  /// Conjuncts and emoji consist of several scalars.
  private static let mostScalars = 8

  package let text: String

  /// - Returns: `nil` for an invalid name; see `rule`.
  package init?(_ text: String) {
    let composed = text.precomposedStringWithCanonicalMapping
      .trimmingCharacters(in: .whitespaces)
    let scalars = composed.unicodeScalars
    guard (1...Self.longest).contains(composed.count),
      composed.allSatisfy({ $0.unicodeScalars.count <= Self.mostScalars }),
      !scalars.contains(where: \.isUnprintable), scalars.contains(where: Self.isVisible),
      // The replacement character for invalid UTF-8.
      !scalars.contains("\u{fffd}"),
      Self.beginsAsName(scalars), Self.longestRunOfMarks(composed) <= Self.mostMarks
    else { return nil }
    self.text = composed
  }

  /// False for a leading mark, and for a character that starts a formula in a spreadsheet, full-width forms included.
  private static func beginsAsName(_ scalars: String.UnicodeScalarView) -> Bool {
    guard let first = scalars.first, !isMark(first), !first.isInvisible else { return false }
    let plain = String(first).precomposedStringWithCompatibilityMapping
    return !"=+-@\u{2212}".unicodeScalars.contains(plain.unicodeScalars.first ?? first)
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isInvisible && !scalar.properties.isWhitespace && !isMark(scalar)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
  }

  private static func longestRunOfMarks(_ text: String) -> Int {
    var (longest, run) = (0, 0)
    for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
      run = isMark(scalar) ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  package static let rule =
    "a name has at most \(longest) printable characters in one line, without control or invisible characters, marks of "
    + "direction, or more than \(mostMarks) accents on a letter, and doesn't begin with =, +, - or @"
}
