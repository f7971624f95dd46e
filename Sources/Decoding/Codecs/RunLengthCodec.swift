import Core

/// RLE Lossless, by `RunLength`.
enum RunLengthCodec {
  static func decode(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout
  ) throws(PixelError) -> [UInt8] {
    let encoded = try Codestream.bytes(file, index, &layout)
    guard let samples = RunLength.decode(encoded, &layout) else {
      throw .corrupt(Rejection(.malformed, "pixel data: the RLE segments don't fill the frame"))
    }
    return samples
  }
}
