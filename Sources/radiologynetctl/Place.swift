import Core
import Store

extension Command {
  static let place = Command(
    name: "place", summary: "move a study to another cluster, or out of its own",
    usage: "place [UNIT_KEY LABEL|out|free [--reviewer NAME] [--comment TEXT]]",
    details: """
      Without arguments lists the units that reviewers placed. The unit moves at once, and later reclusters heed it: it
      stays in the cluster (or in the one that took its place), or in the nearest of the clusters that it was not moved
      out of. UNIT_KEY is the `unit_key` of the log, or its beginning as `tail` shows it.

        LABEL   into this cluster
        out     out of its cluster, into the nearest other one
        free    where the models put it
      """,
    examples: [
      "place", "place 2324273383b6 c0017 --comment \"a knee, not a head\"",
      "place 2324273383b6 free",
    ]
  ) { invocation in
    let (words, values) = try invocation.wordsAndValues(Invocation.remarkOptions)
    let configuration = try invocation.configuration()
    guard words.count == 2 else {
      guard words.isEmpty, values.isEmpty else {
        throw UsageError("place takes a unit's key and a cluster's label, out or free")
      }
      return try list(
        configuration.state.storeLocation.open(readOnly: true).placements(), invocation.json)
    }
    let place: ControlSocket.Place =
      switch words[1] {
      case "out": .out
      case "free": .free
      default: .cluster(try words[1].clusterNumber())
      }
    let answer = try ControlSocket.place(
      configuration.state.socket, unit: words[0], place, remark: try invocation.remark(values)
    ).checked()
    print(invocation.json ? answer.encoded : "now in \(answer["cluster"]?.string ?? "?")")
  }

  private static func list(_ placements: [String: Placement], _ json: Bool) throws {
    for (unit, placement) in placements.sorted(by: { $0.key < $1.key }) {
      let excluded = placement.excluded.sorted().map(ClusterRecord.label)
      if json {
        let line: JSON = [
          "unit_key": .string(unit),
          "cluster": .optional(placement.cluster.map(ClusterRecord.label)),
          "not_in": .array(excluded.map(JSON.string)),
        ]
        print(line.encoded)
      } else {
        let target = placement.cluster.map { "in \(ClusterRecord.label($0))" }
        let exclusions = excluded.isEmpty ? nil : "not in \(excluded.joined(separator: ", "))"
        print("\(unit)  \([target, exclusions].compactMap { $0 }.joined(separator: "; "))")
      }
    }
    if placements.isEmpty && !json { print("no unit was placed by a reviewer") }
  }
}
