import Core

/// How the bytes of a frame are to be read (PS3.3 C.7.6.3).
struct PixelLayout {
  enum Kind { case none, integer, float, double }

  var kind: Kind
  var rows: Int
  var columns: Int
  var frames: Int
  var samples: Int
  var bitsAllocated: Int
  var bitsStored: Int
  var highBit: Int
  var isSigned: Bool
  var planar: Bool
  var photometric: String
  var encapsulated: Bool
  /// How often the decoder has halved rows and columns.
  var halvings = 0

  /// Bytes of one frame at most: a native YBR_FULL_422 one is smaller.
  var frameBytes: Int { (rows * columns * samples * bitsAllocated + 7) / 8 }

  /// Frames above this size are refused before anything is allocated.
  static let largestFrame = 1 << 29

  /// - Throws: `PixelError` when the declared layout makes no sense or is too large to decode.
  func check() throws(PixelError) {
    guard rows > 0, columns > 0 else {
      throw .corrupt(Rejection(.malformed, "no rows or no columns"))
    }
    guard [1, 3].contains(samples) else { throw .unsupported("unsupported_samples_per_pixel") }
    guard [1, 8, 16, 32, 64].contains(bitsAllocated) else {
      throw .unsupported("unsupported_bits_allocated")
    }
    guard bitsStored > 0, bitsStored <= bitsAllocated, highBit < bitsAllocated,
      highBit + 1 >= bitsStored
    else {
      throw .corrupt(Rejection(.malformed, "bits stored and high bit contradict bits allocated"))
    }
    guard frameBytes <= Self.largestFrame else { throw .unsupported("frame_too_large") }
  }

  /// Frame numbers spread evenly, at most `count` of them: the middles of equal parts.
  func sampledFrames(_ count: Int) -> [Int] {
    let wanted = min(count, frames)
    return (0..<wanted).map { (2 * $0 + 1) * frames / (2 * wanted) }
  }
}
