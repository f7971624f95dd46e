import Core

extension GreyImage {
  /// The share of a picture's height and width that is masked on each side: devices write names into corners and along
  /// edges.
  package static let maskedShare = 0.1

  /// This padded image with the border of the picture in it set to black.
  ///
  /// - Parameters:
  ///   - rows: rows of the picture before padding.
  ///   - columns: columns of the picture before padding.
  package func maskingBorder(rows: Int, columns: Int) -> GreyImage {
    let (vertical, horizontal) = (
      Self.kept(rows, of: max(rows, columns), side),
      Self.kept(columns, of: max(rows, columns), side)
    )
    var masked = [UInt8](repeating: 0, count: side * side)
    for row in vertical {
      for column in horizontal { masked[row * side + column] = pixels[row * side + column] }
    }
    return GreyImage(side: side, pixels: masked)
  }

  /// The pixels of one edge that are kept, rounded inwards.
  private static func kept(_ length: Int, of square: Int, _ side: Int) -> Range<Int> {
    let shown = Double(side) * Double(length) / Double(max(1, square))
    let start = (Double(side) - shown) / 2
    let first = Int((start + shown * maskedShare).rounded(.up))
    let end = Int((start + shown * (1 - maskedShare)).rounded(.down))
    return first..<max(first, end)
  }
}
