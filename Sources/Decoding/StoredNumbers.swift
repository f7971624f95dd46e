/// The stored values of a frame of 32-bit integers or floating point, read from its bytes one by one: an array of them
/// would be larger than the frame.
struct StoredNumbers {
  let bytes: FrameBytes
  let count: Int
  let layout: PixelLayout

  /// Calls `body` with a function from pixels to their values.
  @inline(__always)
  func withValues<Result>(_ body: (_ value: (Int) -> Double) -> Result) -> Result {
    precondition(bytes.count >= count * layout.bitsAllocated / 8)
    return bytes.withUnsafeBytes { raw in
      switch layout.kind {
      case .double:
        return body { pixel in
          Double(
            bitPattern: raw.loadUnaligned(fromByteOffset: 8 &* pixel, as: UInt64.self))
        }
      case .float:
        return body { pixel in
          Double(
            Float(bitPattern: raw.loadUnaligned(fromByteOffset: 4 &* pixel, as: UInt32.self)))
        }
      default:
        let shift = UInt32(31 - layout.highBit)
        let spare = UInt32(32 - layout.bitsStored)
        return body { pixel in
          let aligned = raw.loadUnaligned(fromByteOffset: 4 &* pixel, as: UInt32.self) << shift
          return layout.isSigned
            ? Double(Int32(bitPattern: aligned) >> spare) : Double(aligned >> spare)
        }
      }
    }
  }
}
