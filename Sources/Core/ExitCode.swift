/// Exit codes of every command, from `sysexits.h`.
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
    case .data: "The input is invalid."
    case .noInput: "An input file is missing or can't be read."
    case .unavailable: "The daemon or the store can't be reached, or a check failed."
    case .software: "Internal error."
    case .cannotCreate: "An output can't be created."
    case .io: "Reading or writing failed."
    case .temporaryFailure: "Temporary failure; try again later."
    case .permission: "Not allowed."
    case .configuration: "The configuration has errors."
    }
  }
}
