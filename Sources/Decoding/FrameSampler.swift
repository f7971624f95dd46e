import Core

/// A few frames of an instance as small grey images, decoded one at a time.
enum FrameSampler {
  /// - Parameter kept: set to the middle frame at its full size if it was decoded.
  /// - Returns: the images that aren't constant, how they were decoded or why there are none, and how many are masked.
  /// - Throws: `Rejection` when the pixel data is damaged and no frame could be read.
  static func images(
    _ file: borrowing DICOMFile, _ layout: PixelLayout, _ parameters: InstanceDecoder.Parameters,
    kept: inout KeptFrame?
  ) throws(Rejection) -> (images: [GreyImage], path: String, masked: Int) {
    guard layout.kind != .none else { return ([], "no_pixels", 0) }
    guard parameters.frames > 0 else { return ([], "not_sampled", 0) }
    do throws(PixelError) {
      try layout.check()
      var images: [GreyImage] = []
      var readable = 0
      var masked = 0
      var damage: PixelError?
      let palette = Palette(file, layout)
      for index in layout.sampledFrames(parameters.frames) {
        do throws(PixelError) {
          let frame = try frame(file, index, layout, palette, parameters, &kept)
          readable += 1
          // Clips have the same text in every frame; one that was missed must not slip through.
          guard let pictures = frame.images else { return ([], Self.burnedIn, 0) }
          if !pictures.allSatisfy(\.isConstant) {
            images += pictures
            if frame.isMasked { masked += 1 }
          }
        } catch {
          damage = error
        }
      }
      // One readable frame is enough for an image.
      if readable == 0, let damage { throw damage }
      return (
        images, images.isEmpty ? "constant_image" : file.transferSyntax.codec.rawValue, masked
      )
    } catch {
      switch error {
      case .corrupt(let rejection): throw rejection
      case .unsupported(.transferSyntax):
        return (
          [], "\(UnsupportedPixels.transferSyntax.rawValue):\(file.transferSyntax.uid)", 0
        )
      case .unsupported(let pixels): return ([], pixels.rawValue, 0)
      }
    }
  }

  /// Why an instance has no images: text was found in it.
  private static let burnedIn = "burned_in_text"

  private static func frame(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: PixelLayout, _ palette: Palette?,
    _ parameters: InstanceDecoder.Parameters, _ kept: inout KeptFrame?
  ) throws(PixelError) -> (images: [GreyImage]?, isMasked: Bool) {
    var layout = layout
    if parameters.isDeep {
      let grey: Greys<UInt16> = try FrameDecoder.grey(file, index, &layout, palette)
      let frame = ExaminedFrame(
        grey, rows: layout.rows, columns: layout.columns, parameters.text)
      return (
        frame.greys.map {
          GreyImage.planes(
            padding: $0, rows: layout.rows, columns: layout.columns, side: parameters.side)
        }, frame.isMasked
      )
    }
    // Small letters are found at full size only.
    let halvings = parameters.text == .keep ? halvings(layout, parameters.side) : 0
    let grey: Greys<UInt8> = try FrameDecoder.grey(
      file, index, &layout, palette, halvings: halvings)
    if index == layout.middleFrame, layout.halvings == 0 {
      kept = KeptFrame(greys: grey, layout: layout)
    }
    let frame = ExaminedFrame(grey, rows: layout.rows, columns: layout.columns, parameters.text)
    // The low-pass filters of JPEG 2000 are centred on every second sample, not between two.
    let shift = 0.5 - 0.5 / Double(1 << layout.halvings)
    return (
      frame.greys.map {
        [
          GreyImage(
            padding: $0, rows: layout.rows, columns: layout.columns, side: parameters.side,
            shift: shift)
        ]
      }, frame.isMasked
    )
  }

  /// How often a frame may be halved before it is averaged down: not below the target side.
  private static func halvings(_ layout: PixelLayout, _ side: Int) -> Int {
    var halvings = 0
    while max(layout.rows, layout.columns) >> (halvings + 1) >= side { halvings += 1 }
    return halvings
  }
}
