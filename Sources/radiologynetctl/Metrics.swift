import Core
import Foundation

extension Command {
  static let metrics = Command(
    name: "metrics", summary: "the daemon's metrics in Prometheus's text format",
    usage: "metrics [--output FILE]",
    details: """
      Prints what /metrics serves, and radiologynet_up. For the textfile collector of node_exporter, where the daemon
      serves metrics nowhere or on a Unix socket, which Prometheus can't read: write them every minute to a file in the
      collector's folder. While the daemon is down, they are radiologynet_up 0 alone, and the exit code is 69.

        --output FILE  write FILE in one step; its name has to end in .prom, as the collector requires
      """,
    examples: [
      "metrics", "metrics --output /var/lib/prometheus/node-exporter/radiologynet.prom",
    ]
  ) { invocation in
    var (output, rest) = (String?.none, invocation.arguments[...])
    while let argument = rest.popFirst() {
      guard argument == "--output" else {
        throw argument.hasPrefix("-")
          ? invocation.unknown(option: argument) : UsageError("metrics: too many arguments")
      }
      guard let path = rest.popFirst() else { throw UsageError("--output needs a file") }
      guard path.hasSuffix(".prom") else {
        throw UsageError("--output: \(path) has to end in .prom, or the collector skips it")
      }
      output = path
    }
    let socket = try invocation.configuration().state.socket
    let answer = Result {
      try ControlSocket.ask(
        socket, ["version": .int(ControlSocket.version), "command": "metrics"]
      ).checked()["metrics"]?.string ?? ""
    }
    let isUp = (try? answer.get()) != nil
    let text =
      "# HELP radiologynet_up 1 while radiologynetd answers.\n# TYPE radiologynet_up gauge\n"
      + "radiologynet_up \(isUp ? 1 : 0)\n" + ((try? answer.get()) ?? "")
    if let output {
      // The collector runs as a user of its own. There are no identifiers in it.
      try writeAtomically(Data(text.utf8), to: output, mode: 0o644)
      chmod(output, 0o644)
      if invocation.json, isUp { print(JSON.object([("file", .string(output))]).encoded) }
    } else if isUp || !invocation.json {
      print(
        invocation.json ? JSON.object([("metrics", .string(text))]).encoded : text,
        terminator: invocation.json ? "\n" : "")
    }
    _ = try answer.get()
  }
}
