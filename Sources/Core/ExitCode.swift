/// Exit codes of every command, from `sysexits.h`. docs/operate.md has the same table.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case ok = 0
  case usage = 64
  case data = 65
  case noInput = 66
  case unavailable = 69
  case software = 70
  case cannotCreate = 73
  case io = 74
  case temporaryFailure = 75
  case permission = 77
  case configuration = 78

  /// In a sentence, for manuals.
  package var meaning: String {
    switch self {
    case .ok: "Done."
    case .usage: "The command line was wrong."
    case .data:
      "What was given is invalid, or is not there: a file's content, a name, a label, nothing to export."
    case .noInput: "A file or folder to read is missing or can't be read."
    case .unavailable: "The daemon does not run or does not answer, or a check of doctor failed."
    case .software: "Internal error."
    case .cannotCreate: "A file or folder to write can't be created, or holds something else."
    case .io: "Reading or writing failed, or the disk is full."
    case .temporaryFailure: "Not now; try again later."
    case .permission: "Not allowed."
    case .configuration: "The configuration has errors."
    }
  }
}

/// An error that says with which code a command ends that fails by it.
package protocol ExitingError: Error {
  var exitCode: ExitCode { get }
}

extension Error {
  package var exitCode: ExitCode { (self as? any ExitingError)?.exitCode ?? .software }
}
