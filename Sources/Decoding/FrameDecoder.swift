internal import CCharLS
internal import COpenJPEG
import Core

/// One frame's bytes by whichever library reads its transfer syntax: OpenJPEG for JPEG 2000 and HTJ2K,
/// CharLS for JPEG-LS, ourselves for RLE, DCMTK for all others.
enum FrameDecoder {
  /// One frame as grey values of 8 or 16 bits, which may lie in the file's memory: they are there as long as it is.
  ///
  /// - Parameters:
  ///   - layout: becomes that of what came out.
  ///   - halvings: how often rows and columns may be halved where the codestream offers it (JPEG 2000, HTJ2K).
  static func grey<Level: FixedWidthInteger & UnsignedInteger>(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout, _ palette: Palette?,
    halvings: Int = 0
  ) throws(PixelError) -> Greys<Level> {
    let bytes: FrameBytes =
      if let native = file.nativeFrame(index, layout) {
        .held(native)
      } else {
        .own(try decode(file, index, &layout, halvings: halvings))
      }
    let stored = try StoredValues(bytes: bytes, layout: layout, palette: palette)
    return Windowing(file, frame: index, layout: layout).render(stored)
  }

  private static func decode(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout, halvings: Int = 0
  ) throws(PixelError) -> [UInt8] {
    switch TransferSyntax.decodePath(file.transferSyntax) {
    case "jpeg2000", "htj2k": try openJPEG(file, index, &layout, halvings)
    case "jpeg-ls": try charLS(file, index, &layout)
    case "rle": try runLength(file, index, &layout)
    case "jpeg", "jpeg-lossless": try jpeg(file, index, &layout)
    default: try file.frame(index, layout: &layout)
    }
  }

  /// DCMTK delivers what the stream holds, which is compared with what the data set says before a pixel is used.
  private static func jpeg(_ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout)
    throws(PixelError) -> [UInt8]
  {
    guard let stream = file.encapsulatedFrame(index), let header = JPEGHeader(stream) else {
      return try file.frame(index, layout: &layout)
    }
    // Rows may be 0: their number follows the first scan.
    guard header.columns == layout.columns, header.rows == layout.rows || header.rows == 0 else {
      throw mismatch(
        "\(header.columns) × \(header.rows) pixels", "\(layout.columns) × \(layout.rows)")
    }
    guard header.components.count == layout.samples else {
      throw mismatch("\(header.components.count) components", "\(layout.samples)")
    }
    guard header.precision <= layout.bitsAllocated else {
      throw mismatch("\(header.precision) bits", "\(layout.bitsAllocated)")
    }
    var bytes = try file.frame(index, layout: &layout)
    if header.precision <= 8, layout.bitsAllocated == 16 {
      // Samples of one byte each, whatever was allocated for them.
      layout.bitsAllocated = 8
      layout.bitsStored = min(layout.bitsStored, 8)
      layout.highBit = layout.bitsStored - 1
      bytes.removeLast(bytes.count - layout.frameBytes)
    }
    layout.photometric = header.photometric ?? layout.photometric
    return bytes
  }

  private static func mismatch(_ stream: String, _ header: String) -> PixelError {
    .corrupt(
      Rejection(
        .malformed, "pixel data: the JPEG stream has \(stream), the data set says \(header)"))
  }

  private static func openJPEG(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout, _ halvings: Int
  ) throws(PixelError) -> [UInt8] {
    let encoded = try encodedFrame(file, index, &layout)
    var samples = [UInt8](repeating: 0, count: layout.frameBytes)
    var precision: UInt32 = 0
    var isSigned: UInt32 = 0
    func attempt(_ levels: inout UInt32) -> Int32 {
      copenjpeg_decode(
        encoded, encoded.count, UInt32(layout.columns), UInt32(layout.rows), UInt32(layout.samples),
        UInt32(layout.bitsAllocated / 8), &levels, &samples, &precision, &isSigned)
    }
    var levels = UInt32(halvings)
    var code = attempt(&levels)
    if code == COPENJPEG_MALFORMED && levels > 0 {
      // A tile may have fewer resolutions than the main header says.
      levels = 0
      code = attempt(&levels)
    }
    try check(code == COPENJPEG_OK, outOfMemory: code == COPENJPEG_NO_MEMORY, "JPEG 2000")
    layout.planar = false
    layout.rows = (layout.rows - 1) >> Int(levels) + 1
    layout.columns = (layout.columns - 1) >> Int(levels) + 1
    layout.halvings = Int(levels)
    // The decoder has undone the multiple component transformation.
    if ["YBR_RCT", "YBR_ICT"].contains(layout.photometric) { layout.photometric = "RGB" }
    if layout.samples == 1 {
      // Where both agree on the sign, the values are whole as they are, also those above BitsStored. Where
      // they don't, the codestream's bits are read with the data set's sign.
      let whole = layout.isSigned == (isSigned != 0) || Int(precision) > layout.bitsAllocated
      layout.bitsStored = whole ? layout.bitsAllocated : max(1, Int(precision))
      layout.highBit = layout.bitsStored - 1
    }
    return samples
  }

  private static func charLS(_ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout)
    throws(PixelError) -> [UInt8]
  {
    guard layout.bitsAllocated <= 16 else { throw .unsupported("unsupported_bits_allocated") }
    let encoded = try encodedFrame(file, index, &layout)
    var planar: Int32 = 0
    var code: Int32 = 0
    let samples = [UInt8](filling: layout.frameBytes) { samples in
      code = ccharls_decode(
        encoded, encoded.count, UInt32(layout.columns), UInt32(layout.rows), UInt32(layout.samples),
        UInt32(layout.bitsAllocated / 8), samples.baseAddress, samples.count, &planar)
      return code == CCHARLS_OK
    }
    try check(code == CCHARLS_OK, outOfMemory: code == CCHARLS_NO_MEMORY, "JPEG-LS")
    layout.planar = planar != 0
    return samples
  }

  private static func runLength(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout
  ) throws(PixelError) -> [UInt8] {
    let encoded = try encodedFrame(file, index, &layout)
    guard let samples = RunLength.decode(encoded, &layout) else {
      throw .corrupt(Rejection(.malformed, "pixel data: the RLE segments don't fill the frame"))
    }
    return samples
  }

  /// The frame's codestream. One-bit frames come out of these codecs a byte a pixel.
  private static func encodedFrame(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout
  ) throws(PixelError) -> [UInt8] {
    if layout.bitsAllocated == 1 { layout.bitsAllocated = 8 }
    guard [8, 16, 32].contains(layout.bitsAllocated) else {
      throw .unsupported("unsupported_bits_allocated")
    }
    guard let encoded = file.encapsulatedFrame(index) else {
      throw .corrupt(Rejection(.truncated, "pixel data: the frame's fragments are not there"))
    }
    return encoded
  }

  private static func check(_ good: Bool, outOfMemory: Bool, _ codec: String) throws(PixelError) {
    if outOfMemory { throw .corrupt(Rejection(.outOfMemory, "pixel data: \(codec)")) }
    if !good {
      throw .corrupt(Rejection(.malformed, "pixel data: no \(codec) codestream of this size"))
    }
  }
}
