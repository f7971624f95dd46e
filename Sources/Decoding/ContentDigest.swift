internal import CXXHash
import Core

/// Tells whether a file has the content that it, or another one of the same instance, had before: XXH3 of 128 bits.
///
/// Nobody gains by forging it: equal digests of one instance only spare a second embedding. SHA-256 costs a raw file
/// more than all else that is done with it where the processor has no instructions for it.
package struct ContentDigest: ~Copyable {
  private let state = XXH3_createState()

  init() { XXH3_128bits_reset(state) }
  deinit { XXH3_freeState(state) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
  }

  /// The digest in hexadecimal, 32 characters.
  consuming func finish() -> String {
    var canonical = XXH128_canonical_t()
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state))
    return withUnsafeBytes(of: canonical) { hexadecimal($0) }
  }

  /// The digest of a whole.
  static func of(_ bytes: UnsafeRawBufferPointer) -> String {
    var digest = ContentDigest()
    digest.update(bytes)
    return digest.finish()
  }

  /// The digest of a whole file.
  package static func of(file path: some FilePathConvertible) throws(FileError) -> String {
    var digest = ContentDigest()
    try readPieces(path) { digest.update($0) }
    return digest.finish()
  }
}
