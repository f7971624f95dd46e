// The service: watches a PACS export and annotates every study.
import Core
import Foundation
import Glibc
import Service

private let usage = "usage: radiologynetd --config FILE [--once]\n\n\(DaemonUsage.options)\n"

restrictNewFiles()
var path: String?
var once = false
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--config":
    guard let value = arguments.popFirst() else { fail("--config needs a file\n" + usage, .usage) }
    path = value
  case "--once": once = true
  case "--version":
    print("radiologynetd \(softwareVersion)")
    exit(ExitCode.ok.rawValue)
  case "--help", "-h":
    print(usage, terminator: "")
    exit(ExitCode.ok.rawValue)
  default: fail("unknown argument \(argument)\n" + usage, .usage)
  }
}
guard let path else { fail(usage, .usage) }
do {
  try Daemon.run(Configuration(contentsOf: path), once: once)
  // Everything is on disk. libtorch would spend 0.2 s freeing memory that the kernel reclaims anyway.
  _exit(ExitCode.ok.rawValue)
} catch {
  fail(error, of: "radiologynetd", json: false)
}
