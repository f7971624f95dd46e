internal import CDCMTK
import Core

/// Writes DICOM files: the simulator's exports and the tests' inputs.
package struct DICOMWriter: ~Copyable {
  /// DCMTK refused a value or could not write the file.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let handle: OpaquePointer

  /// - Throws: `Failure` when memory is short.
  package init() throws {
    _ = DICOMFile.start
    guard let handle = cdcmtk_writer_create() else { throw Failure(description: "out of memory") }
    self.handle = handle
  }

  deinit { cdcmtk_writer_destroy(handle) }

  /// Sets an element of the data set; several values are joined by `\`.
  ///
  /// - Throws: `Failure`.
  package func set(_ tag: DICOMTag, _ value: String) throws {
    guard cdcmtk_writer_string(handle, tag.rawValue, value) == CDCMTK_OK else {
      throw Failure(description: "DCMTK refuses a value of (\(String(tag.rawValue, radix: 16)))")
    }
  }

  /// Appends a TEXT content item to a structured report.
  ///
  /// - Throws: `Failure`.
  package func appendText(_ text: String, concept: String) throws {
    guard cdcmtk_writer_text_item(handle, concept, text) == CDCMTK_OK else {
      throw Failure(description: "DCMTK refuses a content item")
    }
  }

  /// Sets PixelData from 8-bit samples.
  ///
  /// - Throws: `Failure`.
  package func setPixels(_ samples: [UInt8]) throws {
    try check(cdcmtk_writer_pixels(handle, samples, samples.count, 0))
  }

  /// Sets PixelData from 16-bit samples.
  ///
  /// - Throws: `Failure`.
  package func setPixels(_ samples: [UInt16]) throws {
    try check(
      samples.withUnsafeBytes {
        cdcmtk_writer_pixels(
          handle, $0.assumingMemoryBound(to: UInt8.self).baseAddress, $0.count, 1)
      })
  }

  /// Writes the file, encoding the pixels if the transfer syntax requires it.
  ///
  /// - Throws: `Failure`.
  package func save(_ path: String, transferSyntax: TransferSyntax) throws {
    var message = [CChar](repeating: 0, count: 256)
    guard cdcmtk_writer_save(handle, path, transferSyntax.uid, &message, message.count) == CDCMTK_OK
    else {
      throw Failure(description: "\(path): \(text(message))")
    }
  }

  private func check(_ code: Int32) throws {
    guard code == CDCMTK_OK else { throw Failure(description: "DCMTK refuses the pixel data") }
  }
}
