/// Exit codes of every command, from `sysexits.h`.
public enum ExitCode: Int32, Sendable {
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
}
