import Core

/// Decodes one frame with the codec of its transfer syntax; see Codecs.
enum FrameDecoder {
  /// One frame as grey values of 8 or 16 bits, which may point into the file's memory: valid as long as it is open.
  ///
  /// - Parameters:
  ///   - layout: changed to the layout of the result.
  ///   - halvings: how often rows and columns may be halved if the codestream offers it (JPEG 2000, HTJ2K).
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
    switch file.transferSyntax.codec {
    case .jpeg2000, .htj2k: try JPEG2000Codec.decode(file, index, &layout, halvings)
    case .jpegLS: try JPEGLSCodec.decode(file, index, &layout)
    case .rle: try RunLengthCodec.decode(file, index, &layout)
    case .jpeg, .jpegLossless: try JPEGCodec.decode(file, index, &layout)
    case .native, .deflated: try file.frame(index, layout: &layout)
    }
  }
}
