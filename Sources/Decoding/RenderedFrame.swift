import Core

/// One frame at its own size, windowed to 8 bits, for comparison with other decoders.
package struct RenderedFrame: Sendable {
  package let rows: Int
  package let columns: Int
  /// Row-major, 0 dark and 255 bright.
  package let pixels: [UInt8]

  /// - Parameter index: `nil` for the middle frame.
  /// - Throws: `Rejection`; unsupported pixels are `malformed` with the reason code as detail.
  package init(path: some FilePathConvertible, index: Int?) throws(Rejection) {
    let file = try DICOMFile(path: path)
    var layout = file.layout
    guard layout.kind != .none else { throw Rejection(.malformed, "no_pixels") }
    do throws(PixelError) {
      try layout.check()
      let index = index ?? layout.middleFrame
      guard index < layout.frames else { throw .corrupt(Rejection(.malformed, "no such frame")) }
      pixels = try Self.pixels(file, index, &layout)
    } catch {
      switch error {
      case .corrupt(let rejection): throw rejection
      case .unsupported(let pixels): throw Rejection(.malformed, pixels.rawValue)
      }
    }
    rows = layout.rows
    columns = layout.columns
  }

  // A function of its own, since greys may point into the file.
  private static func pixels(_ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout)
    throws(PixelError) -> [UInt8]
  {
    try FrameDecoder.grey(file, index, &layout, Palette(file, layout)).levels
  }
}
