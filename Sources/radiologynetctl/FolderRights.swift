import Core
import Foundation
import Glibc

/// Whether the calling user can use the configured folders as the daemon does.
enum FolderRights {
  struct Problem {
    var key: String
    var path: String
    var text: String
    /// The requirement that isn't met.
    var need: String
  }

  static func problems(_ configuration: Configuration) -> [Problem] {
    var problems: [Problem] = []
    func check(_ key: String, _ path: String, _ mode: Int32, _ need: String) {
      // Checks the thread's effective rights on files, which asOwner changes.
      guard faccessat(AT_FDCWD, path, mode, AT_EACCESS) != 0 else { return }
      let text = String(cString: strerror(errno))
      problems.append(Problem(key: key, path: path, text: text, need: need))
    }
    let readable = "it must be a readable folder"
    check("intake.input", configuration.intake.input, R_OK | X_OK, readable)
    if !configuration.intake.reports.isEmpty {
      check("intake.reports", configuration.intake.reports, R_OK | X_OK, readable)
    }
    let logFolder = configuration.state.log.parentFolder
    for (key, folder) in [
      ("state.directory", configuration.state.directory), ("state.log", logFolder),
    ] {
      // The daemon creates a missing folder if it may write to its parent.
      check(key, folder.nearestExisting, W_OK | X_OK, "the daemon must be able to write it")
    }
    for (key, file) in [
      ("state.log", configuration.state.log), ("state.directory", configuration.state.store),
    ]
    where FileManager.default.fileExists(atPath: file) {
      check(key, file, R_OK | W_OK, "the daemon must be able to read and write it")
    }
    return problems
  }
}
