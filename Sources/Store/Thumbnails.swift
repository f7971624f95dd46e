import Core
import Foundation

/// What units are shown by.
package protocol Thumbnails: AnyObject {
  /// Keeps what a unit is shown by, unless an instance with a smaller key has given it.
  func saveThumbnail(_ png: Data, unit: String, instance: String) throws

  /// Forgets a picture whose instance may not be shown after all.
  func dropThumbnail(instance: String) throws

  func hasThumbnail(_ unitKey: String) throws -> Bool

  /// A small grey PNG file; `nil` for a unit that has no picture, or none that may be shown.
  func thumbnail(_ unitKey: String) throws -> Data?
}
