import Core
import Decoding
import Foundation
import PNGFiles
import Store

/// Thumbnails of a cluster's members side by side.
enum ContactSheet {
  private static let gap = 4
  /// Side of a picture, pixels; stored ones are larger.
  private static let side = 96

  /// A grey PNG file with a row of pictures for each row of members.
  ///
  /// - Returns: `nil` when no member may be shown.
  static func png(_ members: Members, store: any Store) throws -> Data? {
    let rows = try members.rows.map { keys in
      try keys.compactMap { try store.thumbnail($0).flatMap(PNG.decode).map(reduced) }
    }.filter { !$0.isEmpty }
    guard !rows.isEmpty else { return nil }
    let cell = side + gap
    let (width, height) = (Members.width * cell - gap, rows.count * cell - gap)
    var pixels = [UInt8](repeating: 0, count: width * height)
    for (row, pictures) in rows.enumerated() {
      for (column, picture) in pictures.enumerated() {
        for line in 0..<side {
          let start = (row * cell + line) * width + column * cell
          pixels.replaceSubrange(
            start..<start + side, with: picture.pixels[line * side..<(line + 1) * side])
        }
      }
    }
    return PNG.encode(pixels, rows: height, columns: width)
  }

  /// A stored picture in the size of the sheet's, whatever was configured when it was made.
  private static func reduced(_ picture: (pixels: [UInt8], rows: Int, columns: Int)) -> GreyImage {
    GreyImage(side: picture.rows, pixels: picture.pixels).resampled(to: side)
  }
}
