import Core
import Foundation

/// A file of an export besides its images.
struct ExportFile {
  let name: String
  /// Writes the content to the descriptor of an empty file.
  let fill: (Int32) throws -> Void

  init(_ name: String, _ fill: @escaping (Int32) throws -> Void) {
    (self.name, self.fill) = (name, fill)
  }

  init(_ name: String, _ data: @autoclosure @escaping () -> Data) {
    self.init(name) { descriptor in
      try data().withUnsafeBytes { try writeAll($0, to: descriptor, path: name) }
    }
  }
}
