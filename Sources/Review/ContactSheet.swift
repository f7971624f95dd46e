import Core
import Decoding
import Foundation
import PNGFiles
import Store

/// Thumbnails of a cluster's members side by side.
enum ContactSheet {
  private static let gap = 4

  /// A grey PNG file with a row of pictures for each row of members.
  ///
  /// - Returns: `nil` when no member may be shown.
  static func png(_ members: Members, store: any Store) throws -> Data? {
    let rows = try members.rows.map { keys in
      try keys.compactMap { try store.thumbnail($0).flatMap(PNG.decode) }
    }.filter { !$0.isEmpty }
    guard let first = rows.first?.first else { return nil }
    let cell = first.rows + gap
    let (width, height) = (Members.width * cell - gap, rows.count * cell - gap)
    var pixels = [UInt8](repeating: 0, count: width * height)
    for (row, pictures) in rows.enumerated() {
      // The configured thumbnail size may have changed since.
      for (column, picture) in pictures.enumerated() where picture.rows == first.rows {
        for line in 0..<picture.rows {
          let start = (row * cell + line) * width + column * cell
          pixels.replaceSubrange(
            start..<start + picture.columns,
            with: picture.pixels[line * picture.columns..<(line + 1) * picture.columns])
        }
      }
    }
    return PNG.encode(pixels, rows: height, columns: width)
  }
}
