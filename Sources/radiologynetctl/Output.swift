import Core

/// Everything that this tool prints passes here: much of it was written by others.
func print(_ text: some CustomStringConvertible, terminator: String = "\n") {
  Swift.print(text.description.printable, terminator: terminator)
}
