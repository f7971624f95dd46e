import Core
import Foundation
import Glibc

// Owner and mode of the files of state and log.
extension Diagnosis {
  /// Finds files created by hand, by root or by an older version.
  mutating func checkOwners() {
    let state = configuration.state.directory
    var folder = stat()
    guard lstat(state, &folder) == 0 || stat(state, &folder) == 0 else { return }
    let log = configuration.state.log
    let parts =
      (try? FileManager.default.contentsOfDirectory(atPath: log.parentFolder))
    let paths =
      [state] + Self.below(state)
      + (parts ?? []).filter { $0.hasPrefix(log.fileName) }
      .map { log.parentFolder + "/" + $0 }
    var (open, foreign) = ([String](), [String]())
    for path in paths {
      var information = stat()
      guard lstat(path, &information) == 0 else { continue }
      let kind = information.st_mode & S_IFMT
      if [S_IFREG, S_IFDIR].contains(kind), information.st_mode & 0o027 != 0 { open.append(path) }
      // A program that belongs to root has root's consent.
      let isProgram = path.fileName == ProgramConsent.fileName
      if information.st_uid != folder.st_uid, !(isProgram && information.st_uid == 0) {
        foreign.append(path)
      }
    }
    if let first = open.first {
      fail(
        "modes", "\(Self.named(first, open.count)) open to others, or to be written by the group",
        remedy: "chmod -R g-w,o-rwx \(state) \(configuration.state.log)*")
    }
    if let first = foreign.first {
      fail(
        "owner",
        "\(Self.named(first, foreign.count)) not the service's: it may not read or write it",
        remedy: "chown -R \(folder.st_uid):\(folder.st_gid) \(state) \(configuration.state.log)*; "
          + "then radiologynetctl bundle approve HASH for bundles with a program")
    }
    if open.isEmpty && foreign.isEmpty {
      good(
        "owner and mode", "\(paths.count) files and folders of state and log are the service's only"
      )
    }
  }

  private static func named(_ first: String, _ count: Int) -> String {
    count == 1 ? "\(first) is" : "\(first) and \(count - 1) more are"
  }

  private static func below(_ folder: String) -> [String] {
    // Subpaths don't follow links.
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).map { folder + "/" + $0 }
  }
}
