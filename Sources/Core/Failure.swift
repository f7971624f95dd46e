import Foundation

/// Prints a message on standard error and exits.
package func fail(_ message: String, _ code: ExitCode) -> Never {
  FileHandle.standardError.write(Data((message.printable + "\n").utf8))
  exit(code.rawValue)
}

/// Ends a command that failed: a message on standard error and, with `--json`, one line of JSON on standard output.
package func fail(_ error: any Error, of tool: String, json: Bool) -> Never {
  let problems = (error as? ConfigurationError)?.problems
  if json {
    var answer: [(String, JSON)] = [
      ("ok", false), ("error", .string("\(error)")),
      ("exit_code", .int(Int(error.exitCode.rawValue))),
    ]
    if let problems { answer.append(("problems", .array(problems.map(JSON.string)))) }
    print(JSON.object(answer).encoded.printable)
    fflush(nil)
  }
  // Each problem of a configuration begins with its file and line.
  fail((problems == nil ? "\(tool): " : "") + "\(error)", error.exitCode)
}
