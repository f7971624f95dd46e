import Foundation

/// Says on standard error why a program ends, and ends it.
package func fail(_ message: String, _ code: ExitCode) -> Never {
  FileHandle.standardError.write(Data((message.printable + "\n").utf8))
  exit(code.rawValue)
}
