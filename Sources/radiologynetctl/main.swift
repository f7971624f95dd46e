// The operator's tool. It links no model libraries, so it starts at once; radiologynet-lab runs the commands
// that need them.
import Core
import Foundation
import Store

restrictNewFiles()
signal(SIGPIPE, SIG_DFL)
do {
  let invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
  try invocation.command.run(invocation)
} catch let error as UsageError {
  fail("radiologynetctl: \(error)", .usage)
} catch let error as CommandError {
  fail("radiologynetctl: \(error)", error.code)
} catch let error as ConfigurationError {
  fail("\(error)", .configuration)
} catch let error as FileError {
  fail("radiologynetctl: \(error)", .noInput)
} catch let error as StoreError where error.isDamage {
  fail("radiologynetctl: \(error)", .data)
} catch {
  fail("radiologynetctl: \(error)", .software)
}
