import Core

/// A few frames of an instance as small grey images, decoded one at a time.
enum FrameSampler {
  /// - Returns: the images that aren't constant, and how they were decoded or why there are none.
  /// - Throws: `Rejection` when the pixel data is damaged and no frame could be read.
  static func images(
    _ file: borrowing DICOMFile, _ layout: PixelLayout, _ parameters: InstanceDecoder.Parameters
  ) throws(Rejection) -> ([GreyImage], String) {
    guard layout.kind != .none else { return ([], "no_pixels") }
    guard parameters.frames > 0 else { return ([], "not_sampled") }
    do throws(PixelError) {
      try layout.check()
      var images: [GreyImage] = []
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
      return (
        images, images.isEmpty ? "constant_image" : file.transferSyntax.codec.rawValue
      )
    } catch {
      switch error {
      case .corrupt(let rejection): throw rejection
      case .unsupported(.transferSyntax):
        return (
          [], "\(UnsupportedPixels.transferSyntax.rawValue):\(file.transferSyntax.uid)"
        )
      case .unsupported(let pixels): return ([], pixels.rawValue)
      }
    }
  }

  private static func frame(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: PixelLayout, _ palette: Palette?,
    _ parameters: InstanceDecoder.Parameters
  ) throws(PixelError) -> [GreyImage] {
    var layout = layout
    if parameters.isDeep {
      let grey: Greys<UInt16> = try FrameDecoder.grey(file, index, &layout, palette)
      return GreyImage.planes(
        padding: grey, rows: layout.rows, columns: layout.columns, side: parameters.side)
    }
    let grey: Greys<UInt8> = try FrameDecoder.grey(
      file, index, &layout, palette, halvings: halvings(layout, parameters.side))
    // The low-pass filters of JPEG 2000 are centred on every second sample, not between two.
    let shift = 0.5 - 0.5 / Double(1 << layout.halvings)
    return [
      GreyImage(
        padding: grey, rows: layout.rows, columns: layout.columns, side: parameters.side,
        shift: shift)
    ]
  }

  /// How often a frame may be halved before it is averaged down: not below the target side.
  private static func halvings(_ layout: PixelLayout, _ side: Int) -> Int {
    var halvings = 0
    while max(layout.rows, layout.columns) >> (halvings + 1) >= side { halvings += 1 }
    return halvings
  }
}
