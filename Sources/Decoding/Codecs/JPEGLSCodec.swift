internal import CCharLS
import Core

/// JPEG-LS, by CharLS.
enum JPEGLSCodec {
  static func decode(_ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout)
    throws(PixelError) -> [UInt8]
  {
    guard layout.bitsAllocated <= 16 else { throw .unsupported(.bitsAllocated) }
    let encoded = try Codestream.bytes(file, index, &layout)
    var planar: Int32 = 0
    var code: Int32 = 0
    let samples = [UInt8](filling: layout.frameBytes) { samples in
      code = ccharls_decode(
        encoded, encoded.count, UInt32(layout.columns), UInt32(layout.rows), UInt32(layout.samples),
        UInt32(layout.bitsAllocated / 8), samples.baseAddress, samples.count, &planar)
      return code == CCHARLS_OK
    }
    try Codestream.check(code == CCHARLS_OK, outOfMemory: code == CCHARLS_NO_MEMORY, "JPEG-LS")
    layout.planar = planar != 0
    return samples
  }
}
