import Core
import Foundation

/// Thumbnails of units.
package protocol Thumbnails: AnyObject {
  /// Saves a unit's thumbnail as a PNG file, unless an instance with a smaller key has given one.
  func saveThumbnail(_ png: Data, unit: String, instance: String) throws

  /// Removes a thumbnail whose instance may not be shown after all.
  func dropThumbnail(instance: String) throws

  /// Whether a unit has a thumbnail.
  func hasThumbnail(_ unitKey: String) throws -> Bool

  /// A unit's thumbnail as a small grey PNG file; `nil` if it has no image that may be shown.
  func thumbnail(_ unitKey: String) throws -> Data?
}
