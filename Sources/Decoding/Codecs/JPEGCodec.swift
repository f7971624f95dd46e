import Core

/// JPEG (ITU-T T.81), lossy and lossless, by DCMTK.
enum JPEGCodec {
  /// DCMTK delivers what the stream holds, so the stream is compared with the data set before any pixel is used.
  static func decode(_ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout)
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
}
