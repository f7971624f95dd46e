/// What a bundle is called: 16 lower-case hexadecimal digits of its manifest's SHA-256. Nothing else becomes part of a
/// path, whoever sends it.
public struct BundleHash: Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init?(_ text: String) {
    guard text.utf8.count == 16,
      text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
    else { return nil }
    description = text
  }
}
