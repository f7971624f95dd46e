internal import COpenJPEG
import Core

/// One frame's bytes by whichever library reads its transfer syntax: OpenJPEG for JPEG 2000 and HTJ2K,
/// DCMTK for all others.
enum FrameDecoder {
  static func decode(_ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout)
    throws(PixelError) -> [UInt8]
  {
    switch TransferSyntax.decodePath(file.transferSyntax) {
    case "jpeg2000", "htj2k": try openJPEG(file, index, &layout)
    default: try file.frame(index, layout: &layout)
    }
  }

  private static func openJPEG(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout
  )
    throws(PixelError) -> [UInt8]
  {
    guard [8, 16, 32].contains(layout.bitsAllocated) else {
      throw .unsupported("unsupported_bits_allocated")
    }
    guard let encoded = file.encapsulatedFrame(index) else {
      throw .corrupt(Rejection(.truncated, "pixel data: the frame's fragments are not there"))
    }
    var samples = [UInt8](repeating: 0, count: layout.frameBytes)
    let code = copenjpeg_decode(
      encoded, encoded.count, UInt32(layout.columns), UInt32(layout.rows), UInt32(layout.samples),
      UInt32(layout.bitsAllocated / 8), &samples)
    switch Int(code) {
    case COPENJPEG_OK: break
    case COPENJPEG_NO_MEMORY: throw .corrupt(Rejection(.outOfMemory, "pixel data: JPEG 2000"))
    default:
      throw .corrupt(Rejection(.malformed, "pixel data: OpenJPEG can't decode the codestream"))
    }
    layout.planar = false
    // The decoder has undone the multiple component transformation.
    if ["YBR_RCT", "YBR_ICT"].contains(layout.photometric) { layout.photometric = "RGB" }
    return samples
  }
}
