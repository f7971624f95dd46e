import Core
import Store

extension Command {
  static let clusters = Command(
    name: "clusters",
    summary: "the current clusters: content, names, trust, and old labels",
    usage: """
      clusters [--sort label|units|trust|change] [--trust unreviewed|accepted|rejected|changed] [--search TEXT]
             clusters show LABEL | resolve LABEL
             clusters name LABEL NAME | accept LABEL... | reject LABEL... | unreview LABEL...
             clusters merge LABEL LABEL... | split LABEL | withdraw LABEL...
               [--reviewer NAME] [--comment TEXT]
      """,
    details: """
      Lists every living cluster with its size and what it mostly holds. `*` marks a cluster that has moved since its
      review, further than review.change_limit: review it again.

        --sort, --trust, --search   order, filter by trust, and by label, name, modality or body part
        show LABEL         one cluster, with all of its modalities and body parts
        resolve LABEL      the current cluster that any label of the log stands for
        name LABEL NAME    what people call it; "" takes the name away
        accept LABEL       good enough to train on, as it is now
        reject LABEL       not to be trained on
        unreview LABEL     neither
        merge LABEL LABEL  proposes to the next recluster to make them one
        split LABEL        proposes to the next recluster to make it two
        withdraw LABEL     withdraws the proposals that name it

      Names and trust stay with a cluster as long as it survives. Each change is an event of the log, with who made it
      and why. Write no patient's name into names and comments.
      """,
    examples: [
      "clusters --trust unreviewed --sort units", "clusters show c0017",
      "clusters name c0017 \"CT head, bone window\"",
      "clusters accept c0017 c0018 --comment \"sheet and terms agree\"", "clusters resolve c0017",
    ]
  ) { invocation in
    let (words, values) = try invocation.wordsAndValues(
      ClusterList.options.union(Invocation.remarkOptions))
    let unfit = words.isEmpty ? Invocation.remarkOptions : ClusterList.options
    if let option = unfit.intersection(values.keys).min() {
      throw UsageError("clusters \(words.first ?? ""): \(option) does not belong here")
    }
    let configuration = try invocation.configuration()
    guard let verb = words.first else {
      return try ClusterList(
        configuration.state.storeLocation.open(readOnly: true),
        changeLimit: configuration.reviewChangeLimit
      ).print(values, json: invocation.json)
    }
    let rest = Array(words.dropFirst())
    switch verb {
    case "show", "resolve":
      guard rest.count == 1 else { throw UsageError("clusters \(verb) takes one label") }
      let store = try configuration.state.storeLocation.open(readOnly: true)
      let id = try rest[0].clusterNumber()
      guard let today = try store.resolve(cluster: id) else {
        let known = try store.clusters().map { ClusterRecord.label($0.id) }
        throw CommandError(
          "no such cluster: \(rest[0])\(Suggestion.text(rest[0], among: known))", .data)
      }
      if verb == "show" {
        return try ClusterList(store, changeLimit: configuration.reviewChangeLimit)
          .show(id, today: today, json: invocation.json)
      }
      let label = ClusterRecord.label(today)
      print(invocation.json ? JSON.object([("cluster", .string(label))]).encoded : label)
    case "name", "accept", "reject", "unreview", "merge", "split", "withdraw":
      try ClusterDecision(
        socket: configuration.state.socket, remark: try invocation.remark(values),
        json: invocation.json
      ).run(verb, rest)
    default: throw invocation.unknown(word: verb)
    }
  }
}

/// What a reviewer decides on the command line.
private struct ClusterDecision {
  let socket: String
  let remark: Remark
  let json: Bool

  func run(_ verb: String, _ words: [String]) throws {
    switch verb {
    case "name":
      guard words.count == 2 else { throw UsageError("clusters name takes a label and a name") }
      let cluster = try words[0].clusterNumber()
      try say(
        ControlSocket.review(socket, cluster: cluster, name: words[1], remark: remark),
        "\(ClusterRecord.label(cluster)): name \(words[1])")
    case "accept": try judge(words, .accepted)
    case "reject": try judge(words, .rejected)
    case "unreview": try judge(words, .unreviewed)
    default:
      let clusters = try words.map { try $0.clusterNumber() }
      try say(
        ControlSocket.propose(socket, verb, clusters: clusters, remark: remark),
        verb == "withdraw"
          ? "withdrawn"
          : "the next recluster starts from this (radiologynetctl recluster starts it now)")
    }
  }

  private func judge(_ words: [String], _ trust: ClusterTrust) throws {
    guard !words.isEmpty else { throw UsageError("this takes labels such as c0017") }
    for cluster in try words.map({ try $0.clusterNumber() }) {
      try say(
        ControlSocket.review(
          socket, cluster: cluster, trust: trust.rawValue, remark: remark),
        "\(ClusterRecord.label(cluster)): trust \(trust.rawValue)")
    }
  }

  private func say(_ answer: JSON, _ text: String) throws {
    let answer = try answer.checked()
    print(json ? answer.encoded : text)
  }
}
