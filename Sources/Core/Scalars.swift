import Foundation

/// Numbers as bytes, as models and the store keep them: in host byte order, which is little-endian on every machine
/// that runs this.
extension Data {
  package init<Scalar: BitwiseCopyable>(scalars: [Scalar]) {
    self = scalars.withUnsafeBytes { Data($0) }
  }

  /// The bytes as numbers; an incomplete last one is left out.
  package func scalars<Scalar: BitwiseCopyable>(as: Scalar.Type = Scalar.self) -> [Scalar] {
    let number = count / MemoryLayout<Scalar>.size
    return [Scalar](unsafeUninitializedCapacity: number) { scalars, initialized in
      copyBytes(
        to: UnsafeMutableRawBufferPointer(scalars), count: number * MemoryLayout<Scalar>.size)
      initialized = number
    }
  }
}

extension Sequence where Element == String {
  /// Ties go to the first value in alphabetical order; `nil` for none.
  package var mostFrequent: String? {
    Dictionary(map { ($0, 1) }, uniquingKeysWith: +)
      .max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
