import Glibc

/// One walk over a folder and everything below it. Symbolic links to files are followed, those to folders are not, so
/// that there are no loops and no second path to the same files; sockets, pipes and devices are skipped.
package struct FolderScan {
  /// Receives every regular file.
  let file: (FileStamp) -> Void
  /// Receives every folder before its content; returning false ends the walk.
  let folder: (FilePath) -> Bool
  /// Receives every folder that exists but can't be read, or whose files can't be examined.
  let problem: (_ path: FilePath, _ error: Int32) -> Void
  /// Which folders are walked before their siblings.
  let isFirst: (FilePath) -> Bool

  package init(
    file: @escaping (FileStamp) -> Void, folder: @escaping (FilePath) -> Bool = { _ in true },
    problem: @escaping (_ path: FilePath, _ error: Int32) -> Void = { _, _ in },
    isFirst: @escaping (FilePath) -> Bool = { _ in false }
  ) {
    self.file = file
    self.folder = folder
    self.problem = problem
    self.isFirst = isFirst
  }

  /// Every file below a folder, sorted by path.
  package static func files(below root: some FilePathConvertible) -> [FilePath] {
    var paths: [FilePath] = []
    FolderScan(file: { paths.append($0.path) }).walk(root)
    return paths.sorted()
  }

  package func walk(_ root: some FilePathConvertible) {
    var pending = [root.filePath]
    while let path = pending.popLast() {
      guard folder(path) else { return }
      guard let directory = path.withCString({ opendir($0) }) else {
        report(path, isRoot: path == root.filePath)
        continue
      }
      defer { closedir(directory) }
      var folders: [FilePath] = []
      while let entry = Self.next(in: directory) {
        let found = withUnsafeBytes(of: entry.pointee.d_name) { buffer -> FilePath? in
          let name = buffer.prefix { $0 != 0 }
          return FileStamp.isSkipped(name) ? nil : path.appending(name)
        }
        guard let child = found else { continue }
        switch Int(entry.pointee.d_type) {
        case DT_DIR: folders.append(child)
        case DT_REG, DT_LNK, DT_UNKNOWN:
          if !visit(child, into: &folders) { report(path) }
        default: continue
        }
      }
      // The listing of a share that disappeared ends like this.
      if errno != 0 { report(path) }
      // Sorted by name, so that neighbouring studies are taken together. The last one is walked next.
      let ranked = folders.map { (rank: isFirst($0) ? 0 : 1, path: $0) }
      pending.append(
        contentsOf: ranked.sorted { ($0.rank, $0.path) > ($1.rank, $1.path) }.map(\.path))
    }
  }

  /// Only `errno` distinguishes the end of a folder from a failure.
  private static func next(in directory: OpaquePointer) -> UnsafeMutablePointer<dirent>? {
    errno = 0
    return readdir(directory)
  }

  /// Reports `errno` for a folder, unless the folder was just removed.
  private func report(_ folder: FilePath, isRoot: Bool = false) {
    if isRoot || errno != ENOENT { problem(folder, errno) }
  }

  /// - Returns: false when it exists but can't be examined.
  private func visit(_ path: FilePath, into folders: inout [FilePath]) -> Bool {
    var information = stat()
    guard path.withCString({ lstat($0, &information) }) == 0 else { return errno == ENOENT }
    switch information.st_mode & S_IFMT {
    case S_IFREG: file(FileStamp(path: path, version: FileVersion(information)))
    case S_IFLNK: if let stamp = FileStamp(path: path) { file(stamp) }
    case S_IFDIR: folders.append(path)
    default: break
    }
    return true
  }
}
