// The decoding worker: radiologynetd starts it with a socket and shared memory. A file that kills it costs only
// that file.
import Core
import Decoding
import Foundation

restrictNewFiles()
guard CommandLine.arguments.count == 2, let memory = UInt64(CommandLine.arguments[1]) else {
  FileHandle.standardError.write(
    Data("radiologynet-decode is started by radiologynetd; it has no use on its own\n".utf8))
  exit(ExitCode.usage.rawValue)
}
exit(WorkerServer.run(memory: memory).rawValue)
