import Core

/// All output of this tool is escaped here: much of the text comes from others.
func print(_ text: some CustomStringConvertible, terminator: String = "\n") {
  Swift.print(text.description.printable, terminator: terminator)
}
