import Core

extension Command {
  static let recluster = Command(
    name: "recluster", summary: "cluster everything anew, now",
    usage: "recluster [--dry-run] [--wait]",
    details: """
      Asks the daemon for a full fit over all units. Annotation goes on meanwhile; the new generation takes
      over in one step. Clusters that survive keep their IDs and names.

        --dry-run  only report the figures, promote nothing (waits)
        --wait     wait until it is promoted and show the figures
      """, examples: ["recluster", "recluster --wait", "recluster --dry-run"]
  ) { invocation in
    _ = try invocation.words(atMost: 0, flags: ["--dry-run", "--wait"])
    let dryRun = invocation.has("--dry-run")
    let wait = dryRun || invocation.has("--wait")
    let answer = try ControlSocket.ask(
      invocation.configuration().state.socket,
      [
        "version": .int(ControlSocket.version), "command": "recluster", "dry_run": .bool(dryRun),
        "wait": .bool(wait),
      ], timeout: wait ? 0 : 10
    ).checked()
    if invocation.json {
      print(answer.encoded)
    } else if !wait {
      print("started; follow it with: radiologynetctl tail -f")
    } else {
      let generation = answer["generation"]?.int.map { "generation \($0) promoted" }
      let revised = answer["revised_units"]?.int.map { ", \($0) units revised" } ?? ""
      print((generation ?? "dry run, nothing promoted") + revised)
      print(Figures.table(answer["figures"] ?? .null))
    }
  }
}
