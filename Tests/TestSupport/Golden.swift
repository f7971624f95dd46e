import Core
import Foundation

/// The golden values of a test target, made by Tests/golden/generate.py.
package func golden(_ name: String, in bundle: Bundle) throws -> JSON {
  guard let url = bundle.url(forResource: name, withExtension: "json", subdirectory: "Golden")
  else {
    throw FileError(path: "Golden/\(name).json", problem: "run Tests/golden/generate.py")
  }
  return try JSON(parsing: String(decoding: Data(contentsOf: url), as: UTF8.self))
}

extension JSON {
  /// An array of numbers.
  package var numbers: [Double] { array?.compactMap(\.double) ?? [] }
  package var integers: [Int] { array?.compactMap(\.int) ?? [] }
}
