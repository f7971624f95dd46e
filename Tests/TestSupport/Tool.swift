import Core
import Foundation
import Glibc

/// One of the package's executables, run as a user would.
package struct Tool: Sendable {
  package struct Output: Sendable {
    package let code: Int32
    package let output: String
    package let errors: String
  }

  package let path: String

  /// - Parameter name: an executable of the package, beside the test bundle, or the absolute path of another.
  package init(_ name: String) {
    guard !name.hasPrefix("/") else {
      path = name
      return
    }
    path = besideExecutable(name)
  }

  /// Runs it and waits for its end.
  package func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Output {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = NSTemporaryDirectory() + UUID().uuidString
    // Files, not pipes, which would have to be read meanwhile.
    let outputs = try ["out", "err"].map { name in
      let path = "\(folder).\(name)"
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw CocoaError(.fileWriteUnknown)
      }
      return (path: path, handle: try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
    }
    defer {
      for output in outputs { try? FileManager.default.removeItem(atPath: output.path) }
    }
    process.standardOutput = outputs[0].handle
    process.standardError = outputs[1].handle
    try process.run()
    process.waitUntilExit()
    let texts = try outputs.map { try String(contentsOfFile: $0.path, encoding: .utf8) }
    return Output(code: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// Starts it and returns at once.
  package func start(_ arguments: [String], errors: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    return process
  }
}

/// Waits for a condition; `false` if it isn't met in time.
package func eventually(within seconds: Double = 60, _ condition: () throws -> Bool) rethrows
  -> Bool
{
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try condition() { return true }
    usleep(20_000)
  }
  return try condition()
}
