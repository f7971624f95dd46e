import Clustering
import Core
import Foundation
import PNGFiles
import Store

/// Decides whether two units show the same picture, or nearly: the image sent again, saved with loss, cropped by a few
/// pixels, at another size or with another window. Limits were chosen on copies of half of a teaching corpus
/// (`scripts/judge-duplicates`); docs/method.md has what they find in the other half.
struct Likeness: Sendable {
  private let layout: BlockLayout
  private let range: Range<Int>

  /// Distances between image vectors, in standard deviations of these: the farthest at which pictures are compared, and
  /// one at which units of several images are the same, whose thumbnails may show different ones.
  static let reach = 0.4
  static let same = 0.12
  /// The least correlation of thumbnails.
  static let correlation: Float = 0.985

  init(_ layout: BlockLayout) {
    self.layout = layout
    range = layout.range(of: .image)
  }

  /// The square root of the weight that image vectors are multiplied by.
  var unit: Double { layout.weights[Block.image.rawValue].squareRoot() }

  /// - Throws: `StoreError`.
  func areNearDuplicates(_ first: UnitRecord, _ second: UnitRecord, in store: any Store) throws
    -> Bool
  {
    guard first.embedding.mask.contains(.image), second.embedding.mask.contains(.image),
      range.count > 0, unit > 0
    else { return false }
    let square = zip(first.embedding.values[range], second.embedding.values[range])
      .reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    let distance = square.squareRoot() / unit
    guard distance <= Self.reach else { return false }
    return isNearDuplicate(
      distance: distance, severalImages: first.instances > 1 || second.instances > 1,
      pictures: (
        try Picture(of: first.unitKey, in: store), try Picture(of: second.unitKey, in: store)
      ))
  }

  func isNearDuplicate(
    distance: Double, severalImages: Bool, pictures: (Picture?, Picture?)
  ) -> Bool {
    guard distance <= Self.reach else { return false }
    if severalImages && distance <= Self.same { return true }
    guard let first = pictures.0, let second = pictures.1 else { return false }
    return first.correlation(with: second) >= Self.correlation
  }
}

/// A thumbnail in 24 × 24, without its brightness and contrast.
struct Picture: Sendable {
  private let values: [Float]
  private static let side = 24

  /// - Returns: `nil` for a unit without a thumbnail, and for one without contrast.
  init?(of unitKey: String, in store: any Store) throws {
    guard let png = try store.thumbnail(unitKey), let grey = PNG.decode(png) else { return nil }
    self.init(grey.pixels, rows: grey.rows, columns: grey.columns)
  }

  init?(_ pixels: [UInt8], rows: Int, columns: Int) {
    guard rows > 0, columns > 0 else { return nil }
    func span(_ index: Int, _ length: Int) -> Range<Int> {
      let start = index * length / Self.side
      return start..<max(start + 1, (index + 1) * length / Self.side)
    }
    var values: [Float] = []
    for y in 0..<Self.side {
      for x in 0..<Self.side {
        let (ys, xs) = (span(y, rows), span(x, columns))
        var sum = 0
        for row in ys { for column in xs { sum += Int(pixels[row * columns + column]) } }
        values.append(Float(sum) / Float(ys.count * xs.count))
      }
    }
    let mean = values.reduce(0, +) / Float(values.count)
    values = values.map { $0 - mean }
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 1e-3 else { return nil }
    self.values = values.map { $0 / norm }
  }

  func correlation(with other: Picture) -> Float {
    zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
