import Core
import Review
import Store
import Web

/// What reviewers post.
extension ReviewServer {
  func post(_ path: String, _ form: Form, _ session: ReviewAccess.Session) throws
    -> HTTPServer.Answer
  {
    guard try access.isForm(form["key"]) else {
      return message(
        "That did not work", "The form belongs to another session: reload the page.", status: 403)
    }
    guard let remark = Remark(reviewer: session.reviewer, comment: form["comment"]) else {
      return refusal(Remark.rule)
    }
    guard let archive = try archive.current() else { return .notFound }
    switch path {
    case "reviews": return try reviewSeveral(form, remark, session, archive)
    case "undo": return try undo(session, archive)
    case "proposals": return try propose(form, remark)
    default: break
    }
    if let cluster = archive.cluster(page: path) {
      return try review(cluster, form, remark, session, archive, isQueue: path.hasPrefix("queue/"))
    }
    if let unit = Report.unit(page: path) { return try move(unit, form, remark) }
    return .notFound
  }

  /// Names, accepts or rejects one cluster; the queue goes on to the next.
  private func review(
    _ cluster: ClusterProfile, _ form: Form, _ remark: Remark, _ session: ReviewAccess.Session,
    _ archive: Archive, isQueue: Bool
  ) throws -> HTTPServer.Answer {
    let next = isQueue && form["trust"] != nil ? archive.next(after: cluster.record.id) : cluster
    let trust = form["trust"].flatMap { value in
      // A verdict on a cluster that has changed since is a new one, even the same again.
      value == cluster.record.trust && !cluster.hasChanged && remark.comment == nil ? nil : value
    }
    var name = form["name"].flatMap { $0 == cluster.record.name ?? "" ? nil : $0 }
    // Rejecting a cluster is no consent to the name that was offered.
    if form["trust"] ?? ClusterTrust.accepted.rawValue != ClusterTrust.accepted.rawValue,
      name == form["suggested"]
    {
      name = nil
    }
    if let problem = try change([cluster], name: name, trust: trust, remark, session) {
      return refusal(problem)
    }
    return .see("/" + (isQueue ? next.map(Report.queuePath) ?? "queue.html" : Report.path(cluster)))
  }

  private func reviewSeveral(
    _ form: Form, _ remark: Remark, _ session: ReviewAccess.Session, _ archive: Archive
  ) throws -> HTTPServer.Answer {
    let ticked = Set(form.all("cluster"))
    let clusters = archive.clusters.filter { ticked.contains($0.label) }
    guard let trust = form["trust"], clusters.count == ticked.count, !clusters.isEmpty else {
      return refusal("Tick clusters, then choose a verdict.")
    }
    let affected = clusters.filter { $0.record.trust != trust || $0.hasChanged }
    if let problem = try change(affected, name: nil, trust: trust, remark, session) {
      return refusal(problem)
    }
    return .see("/")
  }

  /// One request, and so one event, for each cluster.
  ///
  /// - Returns: what is wrong with it; `nil` if all was done.
  private func change(
    _ clusters: [ClusterProfile], name: String?, trust: String?, _ remark: Remark,
    _ session: ReviewAccess.Session
  ) throws -> String? {
    guard name != nil || trust != nil else { return nil }
    var changes: [ReviewHistory.Change] = []
    defer { history.add(changes, session.id) }
    for cluster in clusters {
      let record = cluster.record
      let answer = try ControlSocket.review(
        configuration.state.socket, cluster: record.id, name: name, trust: trust, remark: remark)
      guard answer["ok"]?.bool == true else { return problem(answer) }
      changes.append(
        ReviewHistory.Change(
          cluster: record.id,
          before: (record.name, record.trust, cluster.review?.comment),
          after: (name.map { ClusterName($0)?.text } ?? record.name, trust ?? record.trust)))
    }
    return nil
  }

  /// Takes back the last step of this session, unless someone has reviewed the clusters since.
  private func undo(_ session: ReviewAccess.Session, _ archive: Archive) throws -> HTTPServer.Answer
  {
    guard let changes = history.pop(session.id) else { return refusal("There is nothing to undo.") }
    for change in changes.reversed() {
      guard let record = archive.cluster(change.cluster)?.record,
        (record.name, record.trust) == change.after
      else {
        return refusal(
          "\(ClusterRecord.label(change.cluster)) has been reviewed again since: it stays as it is."
        )
      }
      let answer = try ControlSocket.review(
        configuration.state.socket, cluster: change.cluster, name: change.before.name ?? "",
        trust: change.before.trust,
        remark: Remark(reviewer: session.reviewer, comment: change.before.comment) ?? .none)
      guard answer["ok"]?.bool == true else { return refusal(problem(answer)) }
    }
    guard changes.count == 1, let cluster = archive.cluster(changes[0].cluster) else {
      return .see("/")
    }
    return .see("/" + Report.queuePath(cluster))
  }

  private func propose(_ form: Form, _ remark: Remark) throws -> HTTPServer.Answer {
    let kind = form["what"] ?? ""
    let labels = [form["cluster"], kind == Proposal.Kind.merge.rawValue ? form["with"] : nil]
    let clusters = labels.compactMap { $0 }.compactMap(Archive.number)
    guard let first = clusters.first else { return refusal("The proposal names no cluster.") }
    let answer = try ControlSocket.propose(
      configuration.state.socket, kind, clusters: clusters, remark: remark)
    return answer["ok"]?.bool == true
      ? .see("/clusters/\(ClusterRecord.label(first)).html") : refusal(problem(answer))
  }

  private func move(_ unit: String, _ form: Form, _ remark: Remark) throws -> HTTPServer.Answer {
    let place: ControlSocket.Place? =
      switch form["to"] ?? "" {
      case "out": .out
      case "free": .free
      case let label: Archive.number(label).map(ControlSocket.Place.cluster)
      }
    guard let place else { return refusal("There is no such cluster.") }
    let answer = try ControlSocket.place(
      configuration.state.socket, unit: unit, place, remark: remark)
    return answer["ok"]?.bool == true
      ? .see("/" + Report.path(unit: unit)) : refusal(problem(answer))
  }

  private func problem(_ answer: JSON) -> String { answer["error"]?.string ?? "no answer" }

  private func refusal(_ text: String) -> HTTPServer.Answer {
    message("That did not work", text, status: 400)
  }
}
