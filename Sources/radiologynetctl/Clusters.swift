import Core
import Store

extension Command {
  static let clusters = Command(
    name: "clusters", summary: "the clusters of today, or what became of an old one",
    usage: "clusters [resolve LABEL]",
    details: """
      Lists every living cluster with its size and what it mostly holds. `resolve` tells which cluster of
      today any label of the log stands for.
      """, examples: ["clusters", "clusters resolve c0017"]
  ) { invocation in
    let words = try invocation.words(atMost: 2)
    let store = try Store(path: invocation.configuration().state.store, readOnly: true)
    switch words.first {
    case nil: try list(store, json: invocation.json)
    case "resolve":
      guard words.count == 2, let id = Int(words[1].drop { $0 == "c" }) else {
        throw UsageError("clusters resolve takes a label such as c0017")
      }
      guard let today = try store.resolve(cluster: id) else {
        throw CommandError("there never was a cluster \(words[1])", .data)
      }
      let label = ClusterRecord.label(today)
      print(invocation.json ? JSON.object([("cluster", .string(label))]).encoded : label)
    case let other?: throw UsageError("clusters: unknown word \(other)")
    }
  }

  private static func list(_ store: Store, json: Bool) throws {
    let sizes = try store.clusterSizes()
    let names = try store.clusters().filter { $0.retired == nil }
    if !json { print("cluster    units  trust        modality                body part") }
    for cluster in names {
      let modality = try mix(store, cluster.id, .modality)
      let part = try mix(store, cluster.id, .bodyPart)
      let label = ClusterRecord.label(cluster.id)
      if json {
        let line: JSON = [
          "cluster": .string(label), "name": .optional(cluster.name),
          "trust": .string(cluster.trust),
          "units": .int(sizes[cluster.id] ?? 0), "born": .int(cluster.born),
          "modality": .object(modality.map { ($0.value, .int($0.count)) }),
          "body_part": .object(part.map { ($0.value, .int($0.count)) }),
        ]
        print(line.encoded)
      } else {
        print(
          "\(label.padding(to: 7))\(String(sizes[cluster.id] ?? 0).leading(to: 9))  "
            + "\(cluster.trust.padding(to: 11))  \(shares(modality).padding(to: 22))  \(shares(part))"
            + (cluster.name.map { "  \"\($0)\"" } ?? ""))
      }
    }
  }

  private static func mix(_ store: Store, _ cluster: Int, _ column: Store.Composition) throws
    -> [(value: String, count: Int)]
  {
    try store.composition(cluster: cluster, of: column).map {
      ($0.value.isEmpty ? "unknown" : $0.value, $0.count)
    }
  }

  /// The two most frequent values in per cent.
  private static func shares(_ values: [(value: String, count: Int)]) -> String {
    let total = values.reduce(0) { $0 + $1.count }
    return values.prefix(2).map { "\($0.value) \(100 * $0.count / max(1, total))%" }.joined(
      separator: ", ")
  }
}
