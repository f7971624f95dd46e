import Clustering
import Core
import Embeddings
import Features
import Foundation
import Store

/// What reviewers decide. Each decision is one transaction with its event.
extension Pipeline {
  /// Saves a cluster's name and trust. A trust that is given, even the same again, is a review of what the cluster
  /// holds now.
  ///
  /// - Throws: `Refusal` for an unknown or ended cluster, and for a name that is not allowed or taken.
  func review(_ cluster: Int, name: String?, trust: ClusterTrust?, _ remark: Remark) throws {
    let known = try living(cluster)
    let accepted = name.flatMap(ClusterName.init)?.text
    guard accepted != nil || name?.isEmpty ?? true else {
      throw ControlRequest.Refusal(description: ClusterName.rule)
    }
    if let accepted { try checkIsFree(accepted, for: cluster) }
    let newName = name == nil ? known.name : accepted
    let newTrust = trust ?? ClusterTrust(rawValue: known.trust) ?? .unreviewed
    let time = timestamp()
    try store.transaction {
      let sequence = try store.append(
        event(
          .review,
          [
            ("cluster", label(cluster)), ("name", .optional(newName)),
            ("trust", .string(newTrust.rawValue)),
          ], remark), time: time)
      let review = try trust.map { _ in
        ClusterReview(
          generation: annotator?.generation.number ?? 0, sequence: sequence, time: time,
          reviewer: remark.reviewer, comment: remark.comment,
          contents: try store.contents(cluster: cluster))
      }
      try store.review(cluster: cluster, name: newName, trust: newTrust, review)
    }
    try reviewed()
  }

  /// Moves a unit, now and in later reclusters.
  ///
  /// - Parameter start: the unit's key or its beginning.
  /// - Returns: the cluster in which it stands.
  /// - Throws: `Refusal` for an unknown or ambiguous unit, or an unknown cluster.
  func place(_ start: String, _ place: ControlSocket.Place, _ remark: Remark) throws -> Int {
    let found = start.isEmpty ? [] : try store.unitKeys(startingWith: start, limit: 2)
    guard found.count < 2 else {
      throw ControlRequest.Refusal(
        description: "several units' keys begin with \(start.prefix(80)): give more of it")
    }
    guard let annotator, let key = found.first, var unit = try store.unit(key),
      unit.bundle == annotator.generation.bundle
    else {
      throw ControlRequest.Refusal(
        description: "no annotated unit has the key \(start.prefix(80))")
    }
    var placement = try store.placements()[key] ?? Placement()
    switch place {
    case .cluster(let cluster):
      _ = try living(cluster)
      if cluster != unit.cluster { placement.excluded.insert(unit.cluster) }
      placement.excluded.remove(cluster)
      placement.cluster = cluster
    case .out:
      placement.excluded.insert(unit.cluster)
      placement.cluster = nil
    case .free: placement = Placement()
    }
    let (generation, time) = (annotator.generation, timestamp())
    let cluster = try store.transaction {
      try store.setPlacement(placement == Placement() ? nil : placement, unit: key)
      let assignment = try Placements(store).assign(key, unit.embedding, in: generation)
      let cluster = generation.clusters[assignment.cluster]
      try store.append(
        event(
          .placement,
          [
            ("unit_key", .string(key)), ("from", label(unit.cluster)), ("to", label(cluster)),
            ("is_fixed", .bool(placement != Placement())),
          ], remark), time: time)
      guard cluster != unit.cluster else { return cluster }
      let names = try store.clusters().first { $0.id == cluster }?.name
      unit.cluster = cluster
      unit.revision += 1
      let revision = AnnotationEvents.annotation(
        unit, unitKind: configuration.unit, generation: generation, assignment: assignment,
        bodyParts: keys.bodyParts, name: names, supersedes: unit.lastSequence, reason: "placement")
      unit.lastSequence = try store.append(revision, time: time)
      try store.save(unit)
      return cluster
    }
    try reviewed()
    return cluster
  }

  /// Notes a proposal for the next fit. It replaces earlier ones that name the same clusters.
  ///
  /// - Throws: `Refusal` for unknown or ended clusters.
  func propose(_ kind: Proposal.Kind, _ clusters: [Int], _ remark: Remark) throws {
    for cluster in clusters { _ = try living(cluster) }
    guard Set(clusters).count == clusters.count,
      kind == .split ? clusters.count == 1 : clusters.count > 1
    else {
      throw ControlRequest.Refusal(
        description: "merge takes two or more different clusters, split takes one")
    }
    try store.transaction {
      try store.removeProposals(naming: clusters)
      try store.add(kind, clusters: clusters)
      try note(kind.rawValue, clusters, remark)
    }
    try log.catchUp(with: store)
  }

  /// - Returns: how many proposals were withdrawn.
  /// - Throws: `Refusal` when no proposal names one of the clusters.
  func withdraw(_ clusters: [Int], _ remark: Remark) throws -> Int {
    let withdrawn = try store.transaction {
      let withdrawn = try store.removeProposals(naming: clusters)
      guard withdrawn > 0 else {
        throw ControlRequest.Refusal(description: "no proposal names one of these clusters")
      }
      try note("withdraw", clusters, remark)
      return withdrawn
    }
    try log.catchUp(with: store)
    return withdrawn
  }

  private func note(_ kind: String, _ clusters: [Int], _ remark: Remark) throws {
    try store.append(
      event(
        .proposal,
        [("kind", .string(kind)), ("clusters", .array(clusters.map(label)))], remark),
      time: timestamp())
  }

  private func reviewed() throws {
    try annotator?.readReviews()
    try log.catchUp(with: store)
  }

  private func living(_ cluster: Int) throws -> ClusterRecord {
    let clusters = try store.clusters()
    guard let known = clusters.first(where: { $0.id == cluster }) else {
      let (label, labels) = (
        ClusterRecord.label(cluster), clusters.map { ClusterRecord.label($0.id) }
      )
      throw ControlRequest.Refusal(
        description: "no such cluster: \(label)\(Suggestion.text(label, among: labels))")
    }
    guard let retired = known.retired else { return known }
    let today = try store.resolve(cluster: cluster).map(ClusterRecord.label) ?? "no cluster"
    throw ControlRequest.Refusal(
      description:
        "\(ClusterRecord.label(cluster)) ended in generation \(retired); \(today) holds most of its units"
    )
  }

  private func checkIsFree(_ name: String, for cluster: Int) throws {
    let other = try store.clusters().first { other in
      other.id != cluster && other.retired == nil
        && other.name?.caseInsensitiveCompare(name) == .orderedSame
    }
    guard let other else { return }
    throw ControlRequest.Refusal(
      description:
        "\(ClusterRecord.label(other.id)) has this name already: choose another, or propose to merge the two"
    )
  }

  private func label(_ cluster: Int) -> JSON { .string(ClusterRecord.label(cluster)) }

  private func event(_ kind: Event.Kind, _ fields: [(String, JSON)], _ remark: Remark) -> Event {
    var event = Event(kind, [:])
    event.fields = fields.map { (key: $0.0, value: $0.1) }
    event.fields.append((key: "reviewer", value: .optional(remark.reviewer)))
    event.fields.append((key: "comment", value: .optional(remark.comment)))
    return event
  }
}

extension Store {
  /// - Returns: how many proposals there were.
  @discardableResult
  fileprivate func removeProposals(naming clusters: [Int]) throws -> Int {
    let numbers = try proposals().filter { !$0.clusters.allSatisfy { !clusters.contains($0) } }
      .map(\.number)
    try removeProposals(numbers)
    return numbers.count
  }
}
