import Core
import Foundation

/// Numbers of a frozen model, in JSON as base64 of little-endian float32.
package struct FloatArray: Sendable, Equatable, Codable {
  package let values: [Float]

  package init(_ values: [Float]) { self.values = values }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let data = try container.decode(Data.self)
    guard data.count % 4 == 0 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not whole float32 numbers")
    }
    values = data.scalars()
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Data(scalars: values))
  }
}
