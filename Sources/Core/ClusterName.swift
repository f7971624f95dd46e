import Foundation

/// What people call a cluster: one line of printable text in NFC, of at most 100 characters.
public struct ClusterName: Sendable, Equatable {
  public static let longest = 100
  /// Letters of some scripts have several marks; a thousand would cover the lines around them.
  private static let mostScalars = 8

  public let text: String

  /// - Returns: `nil` for what is no name; `rule` says what is.
  public init?(_ text: String) {
    let composed = text.precomposedStringWithCanonicalMapping
      .trimmingCharacters(in: .whitespaces)
    guard (1...Self.longest).contains(composed.count),
      composed.allSatisfy({ $0.unicodeScalars.count <= Self.mostScalars }),
      !composed.unicodeScalars.contains(where: \.isUnprintable)
    else { return nil }
    self.text = composed
  }

  public static let rule =
    "a name has at most \(longest) printable characters in one line, without control characters or marks of direction"
}
