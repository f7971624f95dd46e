import Core

extension Command {
  static let recluster = Command(
    name: "recluster", summary: "recluster the archive, approve or reject a pending fit",
    usage: """
      recluster [--dry-run | --hold] [--wait]
      recluster approve [--wait]
      recluster reject
      """,
    details: """
      Asks the daemon for a full fit over all units. Annotation continues meanwhile; the new generation takes
      over in one step. Clusters that survive keep their IDs and names.

        --dry-run  only report the metrics, promote nothing (waits)
        --hold     keep the fit until it is approved or rejected
        --wait     wait until it is done and show the metrics
        approve    promote the fit that is pending approval
        reject     drop it
      """,
    examples: [
      "recluster", "recluster --wait", "recluster --dry-run", "recluster --hold --wait",
      "recluster approve --wait",
    ]
  ) { invocation in
    let word = try invocation.words(atMost: 1, flags: ["--dry-run", "--hold", "--wait"]).first
    if let word,
      invocation.has("--hold") || invocation.has("--dry-run")
        || word == "reject" && invocation.has("--wait")
    {
      throw UsageError(
        "recluster \(word) takes no such option; see radiologynetctl help recluster")
    }
    let dryRun = invocation.has("--dry-run")
    let wait = dryRun || invocation.has("--wait")
    switch word {
    case nil:
      try ask(
        [
          "version": .int(ControlSocket.version), "command": "recluster", "dry_run": .bool(dryRun),
          "hold": .bool(invocation.has("--hold")), "wait": .bool(wait),
        ], wait: wait, invocation)
    case "approve":
      try ask(
        ["version": .int(ControlSocket.version), "command": "approve", "wait": .bool(wait)],
        wait: wait, invocation)
    case "reject":
      let request: JSON = ["version": .int(ControlSocket.version), "command": "reject"]
      let answer = try ControlSocket.ask(invocation.configuration().state.socket, request)
        .checked()
      print(invocation.json ? answer.encoded : "dropped; the generation in force stays")
    case let other?: throw invocation.unknown(word: other)
    }
  }

  static let rollback = Command(
    name: "rollback", summary: "go back to the clusters of an earlier generation",
    usage: "rollback GENERATION [--wait]",
    details: """
      Opens a new generation with the centres and the permanent clusters of an earlier one. Every unit is assigned
      again; clusters that came after it are retired, and their labels resolve to those that hold their units.
      """, examples: ["generations", "rollback 3 --wait"]
  ) { invocation in
    let words = try invocation.words(atMost: 1, flags: ["--wait"])
    guard let number = words.first.flatMap({ Int($0) }), number >= 1 else {
      throw UsageError("rollback takes the number of a generation; see radiologynetctl generations")
    }
    let wait = invocation.has("--wait")
    try ask(
      [
        "version": .int(ControlSocket.version), "command": "rollback", "generation": .int(number),
        "wait": .bool(wait),
      ], wait: wait, invocation)
  }

  /// Requests a recluster of any kind and shows the outcome.
  private static func ask(_ request: JSON, wait: Bool, _ invocation: Invocation) throws {
    let answer = try ControlSocket.ask(
      invocation.configuration().state.socket, request, timeout: wait ? 0 : 10
    ).checked()
    if invocation.json {
      print(answer.encoded)
    } else if !wait {
      print("started; its outcome, or why it failed, is an event: radiologynetctl tail -f")
    } else {
      let generation = answer["generation"]?.int.map { "generation \($0) promoted" }
      let revised = answer["revised_units"]?.int.map { ", \($0) units revised" } ?? ""
      print((generation ?? answer["decision"]?.string ?? "done") + revised)
      print(MetricsText.table(answer["figures"] ?? .null))
    }
  }
}
