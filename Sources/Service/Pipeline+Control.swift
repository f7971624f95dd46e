import Core
import Embeddings
import Features
import Intake
import Reclustering
import Store
import StudyIntake

extension Pipeline {
  /// Answers one request of radiologynetctl.
  func control(_ request: JSON, _ answer: BlockingQueue<JSON>) {
    do { try serve(ControlRequest(request), answer) } catch {
      answer.post(Self.refusal("\(error)", error.exitCode))
      // A temporary error is only reported to the client; the service handles it in its own work.
      if error.response == .stop { fail(error) }
    }
  }

  static func refusal(_ text: String, _ code: ExitCode = .temporaryFailure) -> JSON {
    ["ok": false, "error": .string(text), "exit_code": .int(Int(code.rawValue))]
  }

  private func serve(_ request: ControlRequest, _ answer: BlockingQueue<JSON>) throws {
    switch request {
    case .status:
      answer.post(status())
    case .metrics:
      answer.post(board.metrics)
    case .recluster(let dryRun, let hold, let waits):
      try start(.init(trigger: .manual, dryRun: dryRun, hold: hold), waits: waits, answer)
    case .rollback(let number, let waits):
      guard let earlier = try store.generations().first(where: { $0.number == number }) else {
        throw ControlRequest.Refusal(
          description: "there is no generation \(number); radiologynetctl generations lists them")
      }
      guard number != annotator?.generation.number else {
        throw ControlRequest.Refusal(description: "generation \(number) is in force already")
      }
      if let bundle = annotator?.generation.bundle, earlier.bundle != bundle {
        throw ControlRequest.Refusal(
          description:
            "generation \(number) is of bundle \(earlier.bundle); activate that one first with "
            + "radiologynetctl bundle activate")
      }
      try start(.init(trigger: .rollback, source: .generation(number)), waits: waits, answer)
    case .approve(let waits):
      wait(try approve(), waits: waits, answer)
    case .reject:
      answer.post(try reject().map { Self.refusal($0) } ?? ["ok": true])
    case .review(let cluster, let name, let trust, let remark):
      try review(cluster, name: name, trust: trust, remark)
      answer.post(["ok": true])
    case .place(let unit, let place, let remark):
      let cluster = try self.place(unit, place, remark)
      answer.post(["ok": true, "cluster": .string(ClusterRecord.label(cluster))])
    case .propose(let kind, let clusters, let remark):
      try propose(kind, clusters, remark)
      answer.post(["ok": true])
    case .withdraw(let clusters, let remark):
      answer.post(["ok": true, "withdrawn": .int(try withdraw(clusters, remark))])
    case .activate(let hash):
      answer.post([
        "ok": true, "bundle": .string(hash.description), "effect": .string(try activate(hash)),
      ])
    case .retry(let key):
      guard try store.transaction({ try store.releaseQuarantined(key) }) else {
        throw ControlRequest.Refusal(description: "no file with this key is in quarantine")
      }
      intake.forget(pathKey: key)
      answer.post(["ok": true])
    }
  }

  private func start(
    _ request: Recluster.Request, waits: Bool, _ answer: BlockingQueue<JSON>
  ) throws {
    wait(try startRecluster(request), waits: waits, answer)
  }

  /// Answers that a recluster can't start or has started. If the client waits, the answer follows with the outcome.
  private func wait(_ problem: String?, waits: Bool, _ answer: BlockingQueue<JSON>) {
    if let problem {
      answer.post(Self.refusal(problem))
    } else if waits {
      jobs.waiters.append(answer)
    } else {
      answer.post(["ok": true, "started": true])
    }
  }

  /// What `radiologynetctl status` shows of the running daemon.
  func status() -> JSON {
    let running = state.counters.started.duration(to: .now) / .seconds(1)
    return [
      "ok": true, "version": .string(softwareVersion), "state": "running",
      "uptime": .figure(running),
      "generation": annotator.map { .int($0.generation.number) } ?? .null,
      "bundle": .optional(annotator?.encoder.bundle.hash),
      "units": .int(state.counters.allUnits),
      "units_since_promotion": .int(progress.units), "files": .int(state.counters.files),
      "files_per_second": .figure(Double(state.counters.files) / max(running, 1e-3)),
      "queued_files": .int(intake.outstanding.count), "open_studies": .int(buffer.assembler.count),
      "held_studies": .int(buffer.held.count), "waiting_reports": .int(buffer.waitingReports),
      "lag_seconds": .figure(state.counters.lag.last),
      "free_bytes": .int(Int(clamping: freeSpace(at: configuration.state.directory) ?? 0)),
      "ailments": board.healthIssuesAsJSON,
      "last_file": state.arrivals.last.map { .string(timestamp(secondsSince1970: $0)) } ?? .null,
      "longest_pause_seconds": state.arrivals.longestPause.map { .int(Int($0)) }
        ?? .null,
      "image_encoder": .optional(annotator?.encoder.bundle.manifest.extractors["image"]),
      "encoder_trial": jobs.trials.status,
      "problems": .int(state.counters.problems), "job": .optional(jobs.current?.name),
      "job_progress": .optional(jobs.current.flatMap { $0.progress.isEmpty ? nil : $0.progress }),
      "last_problem": .optional(state.counters.lastProblem?.text),
      "last_problem_time": .optional(state.counters.lastProblem?.time),
    ]
  }
}
