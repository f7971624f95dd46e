// The operator's tool. It links no model libraries, so it starts at once; radiologynet-lab runs the commands
// that need them.
import Core
import Foundation

restrictNewFiles()
signal(SIGPIPE, SIG_DFL)
do {
  let invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
  try invocation.command.run(invocation)
} catch {
  fail(error, of: "radiologynetctl", json: CommandLine.arguments.contains("--json"))
}
