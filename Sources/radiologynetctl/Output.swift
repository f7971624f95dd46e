import Core
import Foundation

/// Everything that this tool prints passes here: much of it was written by others.
func print(_ text: some CustomStringConvertible, terminator: String = "\n") {
  Swift.print(text.description.printable, terminator: terminator)
}

/// Says on standard error why the tool ends, and ends it.
func fail(_ message: String, _ code: ExitCode) -> Never {
  FileHandle.standardError.write(Data((message.printable + "\n").utf8))
  exit(code.rawValue)
}
