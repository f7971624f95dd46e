import Core

/// Everything that this tool prints passes here: names of files, for one, were given by others.
func print(_ text: some CustomStringConvertible) { Swift.print(text.description.printable) }
