import Glibc

/// Parts of paths as the system splits them. (Foundation's own crashes on a relative path of one letter.)
extension String {
  /// The folder that holds a path: empty for a bare name, `/` for a top-level name.
  package var parentFolder: String {
    let trimmed = withoutSlashes
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    let parent = String(trimmed[..<slash]).withoutSlashes
    return parent.isEmpty ? "/" : parent
  }

  /// The last component of a path.
  package var fileName: String {
    let trimmed = withoutSlashes
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return trimmed }
    return trimmed == "/" ? trimmed : String(trimmed[trimmed.utf8.index(after: slash)...])
  }

  /// The path with links resolved; `nil` if it doesn't exist.
  package var resolved: String? {
    guard let real = realpath(self, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path itself or, if it doesn't exist yet, the nearest existing folder above it, where it would be made.
  package var nearestExisting: String {
    var (path, information) = (isEmpty ? "." : self, stat())
    while stat(path, &information) != 0, path != "/", path != "." {
      path = path.parentFolder
      if path.isEmpty { path = "." }
    }
    return path
  }

  /// Without trailing slashes; the root stays.
  private var withoutSlashes: String {
    var end = utf8.endIndex
    while end > utf8.startIndex, utf8[utf8.index(before: end)] == UInt8(ascii: "/"),
      utf8.index(before: end) > utf8.startIndex
    { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
