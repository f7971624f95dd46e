import Core

/// All output of this tool is escaped here: file names, for example, come from others.
func print(_ text: some CustomStringConvertible) { Swift.print(text.description.printable) }
