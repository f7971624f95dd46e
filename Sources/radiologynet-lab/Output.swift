import Core

/// Whether the outcome is printed as JSON.
let wantsJSON = CommandLine.arguments.contains("--json")

/// Prints the outcome of a command. All output of this tool is escaped: file names, for example, come from others.
func show(_ text: @autoclosure () -> String, _ json: @autoclosure () -> JSON) {
  print((wantsJSON ? json().encoded : text()).printable)
}
