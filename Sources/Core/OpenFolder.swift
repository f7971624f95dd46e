import Glibc

/// A folder held open. Operations below it go by descriptor and follow no link, so that they stay below it, whatever
/// others plant there meanwhile.
final class OpenFolder: Sendable {
  /// For error messages.
  let path: String
  let descriptor: Int32

  /// Opens a folder, making it and its parents if missing. Its last component must not be a link.
  ///
  /// - Throws: `FileError`.
  init(making path: String) throws {
    // A link with a trailing slash would be followed.
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
    self.path = String(trimmed)
    var information = stat()
    if lstat(self.path, &information) != 0 {
      // Made with the rights of the nearest folder's owner: swapping a folder on the way meanwhile gains nothing.
      try asOwner(of: self.path.parentFolder.nearestExisting) { [path = self.path] in
        try makeFolder(path)
      }
    }
    descriptor = Glibc.open(self.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(self.path) }
  }

  /// Opens an existing folder. Links on the way to it are its owner's, and are followed.
  ///
  /// - Throws: `FileError`.
  init(existing path: String) throws(FileError) {
    self.path = path
    descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path) }
  }

  private init(_ path: String, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static func error(_ path: String) -> FileError {
    guard [ELOOP, ENOTDIR].contains(errno) else {
      return FileError(path: path, exitCode: .cannotCreate)
    }
    return FileError(
      path: path,
      problem: "is a symbolic link, or not a folder: give a folder itself, or move this away",
      exitCode: .cannotCreate)
  }

  private func place(_ name: String) -> String { path + "/" + name }

  /// Opens a subfolder.
  func subfolder(_ name: String) throws(FileError) -> OpenFolder {
    let opened = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else { throw Self.error(place(name)) }
    return OpenFolder(place(name), opened)
  }

  /// Makes a subfolder.
  ///
  /// - Returns: false if it existed.
  func make(_ name: String, mode: mode_t) throws(FileError) -> Bool {
    guard mkdirat(descriptor, name, mode) == 0 else {
      guard errno == EEXIST else { throw FileError(path: place(name), exitCode: .cannotCreate) }
      return false
    }
    let made = try subfolder(name)
    fchmod(made.descriptor, mode)
    Ownership.folder.apply(to: made.descriptor, in: descriptor)
    return true
  }

  /// The names of its entries.
  func names() throws(FileError) -> [String] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else { throw FileError(path: path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Whether an entry exists, and whether it is a regular file.
  func look(_ name: String) -> (isThere: Bool, isFile: Bool) {
    var information = stat()
    guard fstatat(descriptor, name, &information, AT_SYMLINK_NOFOLLOW) == 0 else {
      return (false, false)
    }
    return (true, information.st_mode & S_IFMT == S_IFREG)
  }

  /// Makes a new file; fails if the name is taken.
  func create(_ name: String, mode: mode_t, owner: Ownership = .folder) throws(FileError) -> Int32 {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let made = openat(descriptor, name, flags, mode)
    guard made >= 0 else { throw FileError(path: place(name), exitCode: .cannotCreate) }
    fchmod(made, mode)
    owner.apply(to: made, in: descriptor)
    return made
  }

  /// Opens an existing file: no link, pipe or device, and no hard link to a file elsewhere.
  func open(_ name: String, _ flags: Int32) throws(FileError) -> Int32 {
    let opened = openat(descriptor, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard opened >= 0 else {
      throw errno == ELOOP ? inTheWay(name) : FileError(path: place(name), exitCode: .cannotCreate)
    }
    var information = stat()
    guard fstat(opened, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
      information.st_nlink == 1
    else {
      close(opened)
      throw inTheWay(name)
    }
    return opened
  }

  /// Whether a file in it belongs to the folder's owner or to us, and only that owner can write it.
  func isOwners(_ file: Int32) -> Bool {
    var (own, information) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && fstat(file, &information) == 0
      && [own.st_uid, geteuid()].contains(information.st_uid) && information.st_mode & 0o022 == 0
  }

  func inTheWay(_ name: String) -> FileError {
    FileError(
      path: place(name),
      problem:
        "is in the way and was not written by radiologynet: move it away, or give another folder",
      exitCode: .cannotCreate)
  }

  func rename(_ name: String, to folder: OpenFolder, _ other: String) throws(FileError) {
    guard renameat(descriptor, name, folder.descriptor, other) == 0 else {
      throw FileError(path: folder.place(other), exitCode: .cannotCreate)
    }
  }

  func remove(_ name: String) throws(FileError) {
    guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
      throw FileError(path: place(name), exitCode: .cannotCreate)
    }
  }

  /// Removes an empty subfolder.
  ///
  /// - Returns: whether it is gone.
  func removeEmpty(_ name: String) -> Bool {
    unlinkat(descriptor, name, AT_REMOVEDIR) == 0 || errno == ENOENT
  }
}
