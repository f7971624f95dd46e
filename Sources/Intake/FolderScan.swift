import Glibc

/// One walk over a folder and everything below it. Symbolic links to files are followed, those to folders
/// are not, so that no loop and no second way to the same files exists; sockets, pipes and devices are left
/// alone.
public struct FolderScan {
  /// Told of every regular file.
  let file: (FileStamp) -> Void
  /// Told of every folder before its content; returning false ends the walk.
  let folder: (String) -> Bool
  /// Told what can't be read.
  let problem: (_ path: String, _ error: Int32) -> Void

  public init(
    file: @escaping (FileStamp) -> Void, folder: @escaping (String) -> Bool,
    problem: @escaping (_ path: String, _ error: Int32) -> Void
  ) {
    self.file = file
    self.folder = folder
    self.problem = problem
  }

  public func walk(_ root: String) {
    var pending = [root]
    while let path = pending.popLast() {
      guard folder(path) else { return }
      guard let directory = opendir(path) else {
        problem(path, errno)
        continue
      }
      defer { closedir(directory) }
      var folders: [String] = []
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard !FileStamp.isSkipped(name[...]) else { continue }
        let child = path + "/" + name
        switch Int(entry.pointee.d_type) {
        case DT_DIR: folders.append(child)
        case DT_REG, DT_LNK, DT_UNKNOWN: visit(child, into: &folders)
        default: continue
        }
      }
      // In the order of the names, so that studies that lie together are taken together; but reports
      // first, so that they are there when their studies are complete. The last is walked next.
      let ranked = folders.map { (rank: ReportFile.isReportFolder($0) ? 0 : 1, path: $0) }
      pending.append(
        contentsOf: ranked.sorted { ($0.rank, $0.path) > ($1.rank, $1.path) }.map(\.path))
    }
  }

  private func visit(_ path: String, into folders: inout [String]) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    let isLink = information.st_mode & S_IFMT == S_IFLNK
    if isLink && stat(path, &information) != 0 { return }
    switch information.st_mode & S_IFMT {
    case S_IFREG: file(FileStamp(path: path, information: information))
    case S_IFDIR where !isLink: folders.append(path)
    default: break
    }
  }
}
