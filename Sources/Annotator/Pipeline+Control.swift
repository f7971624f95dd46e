import Core
import Features
import Intake
import Store

extension Pipeline {
  /// Answers one request of radiologynetctl.
  func control(_ request: JSON, _ answer: BlockingQueue<JSON>) {
    do {
      switch request["command"]?.string {
      case "status":
        answer.post(status())
      case "recluster":
        let flag = { (name: String) in request[name]?.bool ?? false }
        start(
          .init(reason: "manual", dryRun: flag("dry_run"), hold: flag("hold")), request, answer)
      case "rollback":
        let number = request["generation"]?.int ?? 0
        guard try store.generations().contains(where: { $0.number == number }) else {
          return answer.post([
            "ok": false,
            "error": .string(
              "there is no generation \(number); radiologynetctl generations lists them"),
          ])
        }
        guard number != annotator?.generation.number else {
          return answer.post([
            "ok": false, "error": .string("generation \(number) is in force already"),
          ])
        }
        start(.init(reason: "rollback", source: .generation(number)), request, answer)
      case "approve":
        wait(try approve(), request, answer)
      case "reject":
        let problem = try reject()
        answer.post(problem.map { ["ok": false, "error": .string($0)] } ?? ["ok": true])
      case "review":
        answer.post(try review(request))
      case "activate":
        let hash = try ActiveBundle.parsed(request["bundle"]?.string ?? "")
        answer.post([
          "ok": true, "bundle": .string(hash.description), "effect": .string(try activate(hash)),
        ])
      case "retry":
        let key = request["file_key"]?.string ?? ""
        let released = try store.transaction { try store.releaseQuarantined(key) }
        if released { stage.forget(pathKey: key) }
        answer.post(
          released
            ? ["ok": true] : ["ok": false, "error": "no file with this key is in quarantine"])
      case let other:
        answer.post(["ok": false, "error": .string("unknown command \(other ?? "(none)")")])
      }
    } catch let error where error is FeatureError || error is FileError {
      answer.post(["ok": false, "error": .string("\(error)")])
    } catch {
      answer.post(["ok": false, "error": .string("\(error)")])
      fail(error)
    }
  }

  private func start(
    _ request: Recluster.Request, _ message: JSON, _ answer: BlockingQueue<JSON>
  ) {
    do { wait(try startRecluster(request), message, answer) } catch {
      answer.post(["ok": false, "error": .string("\(error)")])
      fail(error)
    }
  }

  /// Answers that a recluster can't start, that it has started, or, where the client waits, what came of it.
  private func wait(_ problem: String?, _ message: JSON, _ answer: BlockingQueue<JSON>) {
    if let problem {
      answer.post(["ok": false, "error": .string(problem)])
    } else if message["wait"]?.bool == true {
      reclusterWaiters.append(answer)
    } else {
      answer.post(["ok": true, "started": true])
    }
  }

  /// A person's word on a cluster. Names and trust are kept; the change is an event.
  private func review(_ request: JSON) throws -> JSON {
    guard let cluster = request["cluster"]?.int,
      let known = try store.clusters().first(where: { $0.id == cluster })
    else { return ["ok": false, "error": "there never was such a cluster"] }
    let trust = request["trust"]?.string ?? known.trust
    guard let trust = ClusterTrust(rawValue: trust) else {
      return ["ok": false, "error": .string("unknown trust \(trust)")]
    }
    var name = known.name
    if let text = request["name"]?.string {
      name = ClusterName(text)?.text
      guard name != nil || text.isEmpty else {
        return ["ok": false, "error": .string(ClusterName.rule)]
      }
    }
    try store.transaction {
      try store.review(cluster: cluster, name: name, trust: trust)
      try store.append(
        Event(
          .review,
          [
            "cluster": .string(ClusterRecord.label(cluster)), "name": .optional(name),
            "trust": .string(trust.rawValue),
          ]), time: timestamp())
    }
    if let annotator { try annotator.adopt(annotator.generation) }
    try log.catchUp(with: store)
    return ["ok": true]
  }

  /// What `radiologynetctl status` shows of the running daemon.
  func status() -> JSON {
    let running = counters.started.duration(to: .now) / .seconds(1)
    return [
      "ok": true, "version": .string(softwareVersion), "state": "running",
      "uptime": .figure(running),
      "generation": annotator.map { .int($0.generation.number) } ?? .null,
      "bundle": .optional(annotator?.encoder.bundle.hash),
      "units": .int(storedUnits + counters.units),
      "units_since_promotion": .int(unitsSincePromotion), "files": .int(counters.files),
      "files_per_second": .figure(Double(counters.files) / max(running, 1e-3)),
      "queued_files": .int(outstanding.count), "open_studies": .int(desk.assembler.count),
      "held_studies": .int(desk.held.count), "waiting_reports": .int(desk.waitingReports),
      "lag_seconds": .figure(counters.lag.last),
      "free_bytes": .int(Int(clamping: freeSpace(at: configuration.state.directory) ?? 0)),
      "ailments": board.ailmentsAsJSON,
      "image_encoder": .optional(annotator?.encoder.bundle.manifest.extractors["image"]),
      "encoder_trial": trials.status,
      "problems": .int(counters.problems), "job": .optional(job?.name),
      "job_progress": .optional(job.flatMap { $0.progress.isEmpty ? nil : $0.progress }),
      "last_problem": .optional(counters.lastProblem),
    ]
  }
}
