import Foundation

/// Prints a message on standard error and exits.
package func fail(_ message: String, _ code: ExitCode) -> Never {
  FileHandle.standardError.write(Data((message.printable + "\n").utf8))
  exit(code.rawValue)
}
