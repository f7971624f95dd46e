internal import CPNG
import Core
import Foundation

/// Grey PNG files, without any metadata.
package enum PNG {
  /// - Parameters:
  ///   - pixels: rows × columns, row-major.
  ///   - quickly: takes a third of the time for a file a tenth larger.
  /// - Returns: the file; empty if memory is short.
  package static func encode(_ pixels: [UInt8], rows: Int, columns: Int, quickly: Bool = false)
    -> Data
  {
    precondition(pixels.count == rows * columns && rows > 0 && columns > 0)
    return encode(pixels, rows, columns, bits: 8, quickly: quickly)
  }

  /// The same for samples of 16 bits.
  package static func encode(_ pixels: [UInt16], rows: Int, columns: Int) -> Data {
    precondition(pixels.count == rows * columns && rows > 0 && columns > 0)
    return encode(pixels, rows, columns, bits: 16, quickly: false)
  }

  private static func encode(
    _ pixels: [some BitwiseCopyable], _ rows: Int, _ columns: Int, bits: Int32, quickly: Bool
  )
    -> Data
  {
    var file: UnsafeMutablePointer<UInt8>?
    var length = 0
    let failed = pixels.withUnsafeBytes {
      cpng_encode(
        $0.baseAddress, UInt32(columns), UInt32(rows), bits, quickly ? 1 : 0, &file, &length)
    }
    guard failed == 0, let file else { return Data() }
    return Data(bytesNoCopy: file, count: length, deallocator: .free)
  }

  /// - Returns: 8-bit grey pixels, row-major; `nil` if it is not a PNG file or larger than 16384 × 16384.
  package static func decode(_ data: Data) -> (pixels: [UInt8], rows: Int, columns: Int)? {
    var (width, height): (UInt32, UInt32) = (0, 0)
    var pixels: UnsafeMutablePointer<UInt8>?
    let failed = data.withUnsafeBytes {
      cpng_decode(
        $0.bindMemory(to: UInt8.self).baseAddress, data.count, &width, &height, &pixels)
    }
    guard failed == 0, let pixels else { return nil }
    defer { free(pixels) }
    let count = Int(width) * Int(height)
    return (Array(UnsafeBufferPointer(start: pixels, count: count)), Int(height), Int(width))
  }
}
