import Core
import Store

extension Command {
  static let clusters = Command(
    name: "clusters",
    summary: "the current clusters: content, names, trust, and old labels",
    usage:
      "clusters [show LABEL | name LABEL NAME | accept LABEL | reject LABEL | unreview LABEL | resolve LABEL]",
    details: """
      Lists every living cluster with its size and what it mostly holds.

        show LABEL         one cluster, with all of its modalities and body parts
        name LABEL NAME    what people call it; "" takes the name away
        accept LABEL       good enough to train on
        reject LABEL       not to be trained on
        unreview LABEL     neither
        resolve LABEL      the current cluster that any label of the log stands for

      Names and trust stay with a cluster as long as it survives. Each change is an event of the log.
      """,
    examples: [
      "clusters", "clusters show c0017", "clusters name c0017 \"CT head, bone window\"",
      "clusters accept c0017", "clusters resolve c0017",
    ]
  ) { invocation in
    let words = try invocation.words(atMost: 3)
    guard let verb = words.first else {
      return try list(
        invocation.configuration().state.storeLocation.open(readOnly: true), json: invocation.json)
    }
    guard words.count == (verb == "name" ? 3 : 2), let id = Int(words[1].drop { $0 == "c" }) else {
      throw UsageError(
        "clusters \(verb) takes a label such as c0017\(verb == "name" ? " and a name" : "")")
    }
    let configuration = try invocation.configuration()
    func review(_ field: String, _ value: String) throws {
      let answer = try ControlSocket.review(
        configuration.state.socket, cluster: id, field, value
      ).checked()
      print(invocation.json ? answer.encoded : "\(ClusterRecord.label(id)): \(field) \(value)")
    }
    switch verb {
    case "show", "resolve":
      let store = try configuration.state.storeLocation.open(readOnly: true)
      guard let today = try store.resolve(cluster: id) else {
        throw CommandError("no such cluster: \(words[1])", .data)
      }
      if verb == "show" { return try show(store, id, today: today, json: invocation.json) }
      let label = ClusterRecord.label(today)
      print(invocation.json ? JSON.object([("cluster", .string(label))]).encoded : label)
    case "name": try review("name", words[2])
    case "accept": try review("trust", ClusterTrust.accepted.rawValue)
    case "reject": try review("trust", ClusterTrust.rejected.rawValue)
    case "unreview": try review("trust", ClusterTrust.unreviewed.rawValue)
    default: throw UsageError("clusters: unknown word \(verb)")
    }
  }

  private static func show(_ store: any Store, _ id: Int, today: Int, json: Bool) throws {
    guard let cluster = try store.clusters().first(where: { $0.id == id }) else { return }
    let modality = try mix(store, id, .modality)
    let part = try mix(store, id, .bodyPart)
    let units = modality.reduce(0) { $0 + $1.count }
    if json {
      return print(line(cluster, units: units, modality, part).encoded)
    }
    let retired = cluster.retired.map {
      ", ended in generation \($0): its label stands for \(ClusterRecord.label(today)) now"
    }
    print(
      """
      \(ClusterRecord.label(id))  \(cluster.name.map { "\"\($0)\"" } ?? "(no name)")
        trust      \(cluster.trust)
        since      generation \(cluster.born)\(retired ?? "")
        units      \(units)
        modality   \(all(modality))
        body part  \(all(part))
      """)
  }

  private static func all(_ values: [(value: String, count: Int)]) -> String {
    values.map { "\($0.value) \($0.count)" }.joined(separator: ", ")
  }

  private static func line(
    _ cluster: ClusterRecord, units: Int, _ modality: [(value: String, count: Int)],
    _ part: [(value: String, count: Int)]
  ) -> JSON {
    [
      "cluster": .string(ClusterRecord.label(cluster.id)), "name": .optional(cluster.name),
      "trust": .string(cluster.trust), "units": .int(units), "born": .int(cluster.born),
      "modality": .object(modality.map { ($0.value, .int($0.count)) }),
      "body_part": .object(part.map { ($0.value, .int($0.count)) }),
    ]
  }

  private static func list(_ store: any Store, json: Bool) throws {
    let sizes = try store.clusterSizes()
    let names = try store.clusters().filter { $0.retired == nil }
    if !json { print("cluster    units  trust        modality                body part") }
    for cluster in names {
      let modality = try mix(store, cluster.id, .modality)
      let part = try mix(store, cluster.id, .bodyPart)
      let label = ClusterRecord.label(cluster.id)
      if json {
        print(line(cluster, units: sizes[cluster.id] ?? 0, modality, part).encoded)
      } else {
        print(
          "\(label.padding(to: 7))\(String(sizes[cluster.id] ?? 0).leading(to: 9))  "
            + "\(cluster.trust.padding(to: 11))  \(shares(modality).padding(to: 22))  \(shares(part))"
            + (cluster.name.map { "  \"\($0)\"" } ?? ""))
      }
    }
  }

  private static func mix(_ store: any Store, _ cluster: Int, _ column: CountedColumn) throws
    -> [(value: String, count: Int)]
  {
    try store.composition(cluster: cluster, of: column).map {
      ($0.value.isEmpty ? "unknown" : $0.value, $0.count)
    }
  }

  /// The two most frequent values, in per cent.
  private static func shares(_ values: [(value: String, count: Int)]) -> String {
    let total = values.reduce(0) { $0 + $1.count }
    return values.prefix(2).map { "\($0.value) \(100 * $0.count / max(1, total))%" }.joined(
      separator: ", ")
  }
}
