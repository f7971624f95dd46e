import Core

/// Shared by the codecs that are not DCMTK's.
enum Codestream {
  /// The frame's codestream. These codecs decode one-bit frames to one byte per pixel.
  static func bytes(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout
  ) throws(PixelError) -> [UInt8] {
    if layout.bitsAllocated == 1 { layout.bitsAllocated = 8 }
    guard [8, 16, 32].contains(layout.bitsAllocated) else {
      throw .unsupported(.bitsAllocated)
    }
    guard let encoded = file.encapsulatedFrame(index) else {
      throw .corrupt(Rejection(.truncated, "pixel data: the frame's fragments are missing"))
    }
    return encoded
  }

  static func check(_ good: Bool, outOfMemory: Bool, _ codec: String) throws(PixelError) {
    if outOfMemory { throw .corrupt(Rejection(.outOfMemory, "pixel data: \(codec)")) }
    if !good {
      throw .corrupt(Rejection(.malformed, "pixel data: no \(codec) codestream of this size"))
    }
  }
}
