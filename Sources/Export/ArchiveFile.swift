import CArchive
import Core
import Foundation

/// Writes a ZIP or tar file by libarchive. The same content gives the same bytes: entries have no time and no owner,
/// and are stored, not compressed.
final class ArchiveFile {
  enum Format { case zip, tar }

  private let archive: OpaquePointer
  private let path: String

  /// - Parameters:
  ///   - descriptor: an empty file, open for writing.
  ///   - path: for errors.
  /// - Throws: `FileError`.
  init(_ descriptor: Int32, _ format: Format, path: String) throws(FileError) {
    guard let archive = archive_write_new() else {
      throw FileError(path: path, problem: "libarchive has no memory")
    }
    (self.archive, self.path) = (archive, path)
    switch format {
    case .zip:
      try check(archive_write_set_format_zip(archive))
      try check(archive_write_zip_set_compression_store(archive))
    case .tar: try check(archive_write_set_format_pax_restricted(archive))
    }
    try check(archive_write_open_fd(archive, descriptor))
  }

  deinit { archive_write_free(archive) }

  /// Adds a file of `size` bytes, which `fill` passes on in pieces.
  ///
  /// - Throws: `FileError`; what `fill` throws.
  func add(
    _ name: String, size: Int,
    _ fill: (_ write: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws -> Void
  ) throws {
    guard let entry = archive_entry_new() else {
      throw FileError(path: path, problem: "libarchive has no memory")
    }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname_utf8(entry, name)
    archive_entry_set_size(entry, Int64(size))
    // S_IFREG
    archive_entry_set_filetype(entry, 0o100000)
    archive_entry_set_perm(entry, 0o644)
    try check(archive_write_header(archive, entry))
    var written = 0
    try fill { (bytes) throws(FileError) in
      guard archive_write_data(archive, bytes.baseAddress, bytes.count) == bytes.count else {
        throw problem
      }
      written += bytes.count
    }
    precondition(written == size)
    try check(archive_write_finish_entry(archive))
  }

  /// - Throws: `FileError`.
  func add(_ name: String, _ data: Data) throws {
    try add(name, size: data.count) { write in try data.withUnsafeBytes { try write($0) } }
  }

  func close() throws(FileError) { try check(archive_write_close(archive)) }

  private var problem: FileError {
    FileError(
      path: path, problem: archive_error_string(archive).map { String(cString: $0) } ?? "libarchive"
    )
  }

  private func check(_ code: Int32) throws(FileError) {
    guard code >= ARCHIVE_WARN else { throw problem }
  }
}
