import Glibc

/// A file name as the kernel sees it: bytes without a zero. Exports come from machines that write Latin-1 or Shift-JIS
/// names, which no String can hold unchanged.
package struct FilePath: Hashable, Comparable, Sendable {
  package let bytes: [UInt8]

  package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// Path and name joined by a slash, even if the path ends in one: a path's key must not change.
  package func appending(_ name: some Collection<UInt8>) -> FilePath {
    FilePath(joining: bytes, name)
  }

  private init(joining path: [UInt8], _ name: some Collection<UInt8>) {
    bytes = [UInt8](unsafeUninitializedCapacity: path.count + 1 + name.count) { buffer, count in
      _ = buffer.update(fromContentsOf: path)
      buffer[path.count] = Self.slash
      _ = buffer[(path.count + 1)...].update(fromContentsOf: name)
      count = path.count + 1 + name.count
    }
  }

  private static let slash = UInt8(ascii: "/")

  /// What follows the last slash.
  package var lastComponent: ArraySlice<UInt8> {
    bytes.lastIndex(of: Self.slash).map { bytes[($0 + 1)...] } ?? bytes[...]
  }

  /// What comes before the last slash; empty without one.
  package var parent: FilePath {
    FilePath(bytes.lastIndex(of: Self.slash).map { bytes[..<$0] } ?? [])
  }

  /// Whether the path is below a folder.
  package func isBelow(_ folder: FilePath) -> Bool {
    bytes.count > folder.bytes.count && bytes[folder.bytes.count] == Self.slash
      && bytes.starts(with: folder.bytes)
  }

  /// What follows a folder's path and the slashes after it.
  package func relative(to folder: FilePath) -> FilePath {
    FilePath(bytes.dropFirst(folder.bytes.count).drop { $0 == Self.slash })
  }

  /// Whether the path ends with a lower-case ASCII text, ignoring case. Called for every file of a scan.
  package func ends(in text: StaticString) -> Bool {
    bytes.count >= text.utf8CodeUnitCount
      && zip(bytes.suffix(text.utf8CodeUnitCount), 0...).allSatisfy { byte, index in
        let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        return (isUpper ? byte | 0x20 : byte) == text.utf8Start[index]
      }
  }

  /// Calls `body` with the path as a C string.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      buffer[bytes.count] = 0
      return body(UnsafePointer(buffer.baseAddress!))
    }
  }

  package static func < (left: FilePath, right: FilePath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// Anything that names a file: bytes from a disk, or text from a configuration or command line.
package protocol FilePathConvertible {
  var filePath: FilePath { get }
}

extension FilePath: FilePathConvertible {
  package var filePath: FilePath { self }
}

extension String: FilePathConvertible {
  package var filePath: FilePath { FilePath(utf8) }
}

extension FilePath: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text.utf8) }
}
