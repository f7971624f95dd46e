internal import CXXHash
import Core

/// A digest (XXH3, 128 bits) that shows whether an instance has come with the same bytes before.
///
/// Forging it gains nothing: equal digests of one instance only save a second embedding. On a processor without
/// instructions for SHA-256, hashing a raw file with it costs more than everything else.
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

  /// The digest of bytes in memory.
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
