import Core
import Foundation

/// Numbers of a frozen model: little-endian float32 in base64 where the model is written as JSON.
public struct FloatArray: Sendable, Equatable, Codable {
  public let values: [Float]

  public init(_ values: [Float]) { self.values = values }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let data = try container.decode(Data.self)
    guard data.count % 4 == 0 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not whole float32 numbers")
    }
    values = data.scalars()
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Data(scalars: values))
  }
}
