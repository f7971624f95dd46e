// The operator's tool. It never links the models' libraries, so it starts at once; what needs them is
// handed to radiologynet-lab.
import Core
import Foundation
import Store

restrictNewFiles()
signal(SIGPIPE, SIG_DFL)
do {
  let invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
  try invocation.command.run(invocation)
} catch let error as UsageError {
  FileHandle.standardError.write(Data("radiologynetctl: \(error)\n".utf8))
  exit(ExitCode.usage.rawValue)
} catch let error as CommandError {
  FileHandle.standardError.write(Data("radiologynetctl: \(error)\n".utf8))
  exit(error.code.rawValue)
} catch let error as ConfigurationError {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(ExitCode.configuration.rawValue)
} catch let error as FileError {
  FileHandle.standardError.write(Data("radiologynetctl: \(error)\n".utf8))
  exit(ExitCode.noInput.rawValue)
} catch let error as StoreError where error.isDamage {
  FileHandle.standardError.write(Data("radiologynetctl: \(error)\n".utf8))
  exit(ExitCode.data.rawValue)
} catch {
  FileHandle.standardError.write(Data("radiologynetctl: \(error)\n".utf8))
  exit(ExitCode.software.rawValue)
}
