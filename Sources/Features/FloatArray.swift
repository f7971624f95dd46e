import Foundation

/// Numbers of a frozen model: little-endian float32 in base64 where the model is written as JSON.
public struct FloatArray: Sendable, Equatable, Codable {
  public let values: [Float]

  public init(_ values: [Float]) { self.values = values }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let data = try container.decode(Data.self)
    guard let values = Self.floats(data) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not whole float32 numbers")
    }
    self.values = values
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Self.data(values))
  }

  /// The numbers as bytes.
  public static func data(_ values: [Float]) -> Data {
    values.withUnsafeBytes {
      Data(bytes: $0.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!, count: $0.count)
    }
  }

  /// The bytes as numbers; `nil` when they are no multiple of four.
  public static func floats(_ data: Data) -> [Float]? {
    guard data.count % 4 == 0 else { return nil }
    return data.withUnsafeBytes { bytes in
      (0..<data.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }
}
