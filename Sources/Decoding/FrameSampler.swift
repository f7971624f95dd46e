import Core

/// A few frames of an instance as small grey images, decoded one at a time.
enum FrameSampler {
  /// - Returns: the images that show something, and how they were decoded or why there are none.
  /// - Throws: `Rejection` when the pixel data is damaged and not one frame could be read.
  static func images(
    _ file: borrowing DICOMFile, _ layout: PixelLayout, _ parameters: InstanceDecoder.Parameters
  ) throws(Rejection) -> ([GrayImage], String) {
    guard layout.kind != .none else { return ([], "no_pixels") }
    do throws(PixelError) {
      try layout.check()
      var images: [GrayImage] = []
      var readable = 0
      var damage: PixelError?
      let palette = Palette(file, layout)
      for index in layout.sampledFrames(parameters.frames) {
        do throws(PixelError) {
          let frame = try frame(file, index, layout, palette, parameters)
          readable += 1
          if !frame.allSatisfy(\.isConstant) { images += frame }
        } catch {
          damage = error
        }
      }
      // One readable frame is enough for an image.
      if readable == 0, let damage { throw damage }
      let decoded = TransferSyntax.decodePath(file.transferSyntax)
      return (images, images.isEmpty ? "constant_image" : decoded)
    } catch {
      switch error {
      case .corrupt(let rejection): throw rejection
      case .unsupported("unsupported_transfer_syntax"):
        return ([], "unsupported_transfer_syntax:\(file.transferSyntax)")
      case .unsupported(let reason): return ([], reason)
      }
    }
  }

  private static func frame(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: PixelLayout, _ palette: Palette?,
    _ parameters: InstanceDecoder.Parameters
  ) throws(PixelError) -> [GrayImage] {
    let (rows, columns, side) = (layout.rows, layout.columns, parameters.side)
    if parameters.isDeep {
      let grey: [UInt16] = try FrameDecoder.grey(file, index, layout, palette)
      return GrayImage.planes(padding: grey, rows: rows, columns: columns, side: side)
    }
    let grey: [UInt8] = try FrameDecoder.grey(file, index, layout, palette)
    return [GrayImage(padding: grey, rows: rows, columns: columns, side: side)]
  }
}
