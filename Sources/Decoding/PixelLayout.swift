import Core
import Glibc

/// The layout of a frame's bytes (PS3.3 C.7.6.3).
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

  /// Bytes of one frame; a native YBR_FULL_422 frame is smaller.
  var frameBytes: Int { (rows * columns * samples * bitsAllocated + 7) / 8 }

  /// The smallest and the largest stored value of integers; floating point may have any value.
  var range: [Int] {
    if kind != .integer { return [.min, .max] }
    let bits = min(bitsStored, 32)
    return isSigned ? [-(1 << (bits - 1)), (1 << (bits - 1)) - 1] : [0, (1 << bits) - 1]
  }

  /// Frames above this size are refused before anything is allocated.
  static let largestFrame = 1 << 29

  /// - Throws: `PixelError` when the declared layout makes no sense or is too large to decode.
  func check() throws(PixelError) {
    guard rows > 0, columns > 0 else {
      throw .corrupt(Rejection(.malformed, "no rows or no columns"))
    }
    guard [1, 3].contains(samples) else { throw .unsupported(.samplesPerPixel) }
    guard [1, 8, 16, 32, 64].contains(bitsAllocated) else {
      throw .unsupported(.bitsAllocated)
    }
    guard bitsStored > 0, bitsStored <= bitsAllocated, highBit < bitsAllocated,
      highBit + 1 >= bitsStored
    else {
      throw .corrupt(Rejection(.malformed, "bits stored and high bit contradict bits allocated"))
    }
    guard frameBytes <= Self.largestFrame else { throw .unsupported(.frameTooLarge) }
    guard memoryNeeded <= Self.memoryAllowed else {
      throw .corrupt(
        Rejection(.outOfMemory, "a frame of this size needs more than decoding.memory_mb"))
    }
  }

  /// Bytes needed to render a frame: encoded, decoded, and for more than 16 bits or several samples per pixel, sorted
  /// and as greys.
  private var memoryNeeded: Int {
    let isWide = bitsAllocated > 16 || samples > 1
    return frameBytes * (encapsulated ? 3 : isWide ? 1 : 2) + rows * columns * (isWide ? 10 : 1)
  }

  /// Bytes that the process may use for a frame: its limit without libraries and the file's own 32 MiB.
  private static let memoryAllowed: Int = {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < 1 << 62
    else { return .max }
    let all = Int(limit.rlim_cur)
    return max(all - (384 << 20), all / 4)
  }()

  /// The frame that stands for the instance.
  var middleFrame: Int { sampledFrames(1).first ?? 0 }

  /// Up to `count` frame numbers, evenly spread: the middles of equal parts.
  func sampledFrames(_ count: Int) -> [Int] {
    let wanted = min(count, frames)
    return (0..<wanted).map { (2 * $0 + 1) * frames / (2 * wanted) }
  }
}
