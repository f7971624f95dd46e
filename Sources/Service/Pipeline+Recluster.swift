import Core
import Embeddings
import Features
import Foundation
import Reclustering
import Store
import StudyIntake

extension Pipeline {
  /// Starts a full fit after `recluster.every` new units, unless one is pending approval.
  func startReclusterIfDue() {
    guard jobs.current == nil, progress.isReclusterDue else { return }
    do {
      guard try store.pendingApproval() == nil else {
        return progress.reclusters.postpone(progress.units)
      }
      _ = try startRecluster(.init(trigger: .scheduled))
    } catch { fail(error) }
  }

  /// - Returns: why it can't start, or `nil`.
  func startRecluster(_ request: Recluster.Request) throws -> String? {
    guard let annotator else {
      return
        "there is no generation yet: \(buffer.held.count) of \(configuration.bootstrapStudies) "
        + "studies collected for the first models"
    }
    guard jobs.current == nil else { return "a \(jobs.current?.name ?? "job") is running" }
    guard state.counters.allUnits > 0 else { return Self.nothing }
    let generation = annotator.generation
    let configuration = configuration
    let mailbox = mailbox
    let job = BackgroundJob("recluster")
    try store.transaction { try started(request, generation) }
    jobs.current = job
    job.start {
      let result = Result {
        try Recluster.make(
          request, configuration: configuration, generation: generation,
          cancelled: { job.isCancelled }, progress: { job.progress = $0 })
      }
      mailbox.post(.fitted(request, result))
    }
    return nil
  }

  /// Logs the start. Call it inside a transaction.
  func started(_ request: Recluster.Request, _ generation: LiveGeneration) throws {
    try store.append(
      Event(
        .reclusterStarted,
        [
          "generation": .int(generation.number), "reason": .string(request.trigger.rawValue),
          "dry_run": .bool(request.dryRun),
        ]), time: timestamp())
  }

  /// Promotes, holds, rejects or only reports a fit, and answers waiting clients.
  func fitted(_ request: Recluster.Request, _ result: Result<Recluster?, any Error>) throws {
    jobs.current = nil
    if !request.dryRun {
      // If it fails, the next scheduled one follows soon, but not at once in an endless loop.
      progress.reclusters.postpone(progress.units)
    }
    var answer = Self.refusal(Self.nothing)
    defer {
      // Clients that waited must find the new lines in the log.
      do { try log.catchUp(with: store) } catch { fail(error) }
      for waiter in jobs.waiters { waiter.post(answer) }
      jobs.waiters = []
    }
    guard let annotator else { return }
    do {
      let recluster: Recluster
      switch result {
      case .success(let made?): recluster = made
      case .success(nil): return
      case .failure(let error):
        answer = Self.refusal("\(error)", error.exitCode)
        return try failed(request, error)
      }
      let promotion = Promotion(
        store: store, configuration: configuration, bodyParts: keys.bodyParts,
        encoder: annotator.encoder)
      let decision = ReclusterDecision(request, recluster.metrics, configuration.recluster)
      switch decision {
      case .report, .hold, .reject:
        try promotion.keep(recluster, decision, from: annotator.generation)
      case .promote:
        let outcome = try promotion.promote(recluster, from: annotator.generation)
        let encoder = try recluster.source.map { try UnitEncoder($0.bundle) }
        try adopt(encoder ?? annotator.encoder, outcome.generation)
        Log.info(
          "recluster: generation \(outcome.generation.number) promoted, \(outcome.revised) units revised"
        )
        if recluster.source != nil { finishReembedding(outcome) }
        answer = [
          "ok": true, "decision": "promoted", "promoted": true,
          "generation": .int(outcome.generation.number),
          "revised_units": .int(outcome.revised), "figures": recluster.metrics.json,
        ]
        return
      }
      if case .report = decision {} else { Log.info("recluster: \(decision)") }
      answer = [
        "ok": true, "decision": .string("\(decision)"), "promoted": false,
        "figures": recluster.metrics.json,
      ]
    } catch {
      answer = Self.refusal("\(error)", error.exitCode)
      if error.response == .report {
        warn("recluster failed: \(error)")
      } else {
        throw error
      }
    }
  }

  private static let nothing = "there is nothing to cluster yet"

  /// Reports a failure, in the log, too: whoever asked for it may only follow that.
  private func failed(_ request: Recluster.Request, _ error: any Error) throws {
    try store.transaction {
      try store.append(
        Event(
          .reclusterRejected,
          [
            "generation": .int(annotator?.generation.number ?? 0),
            "reason": .string(request.trigger.rawValue), "cause": .string("failed: \(error)"),
          ]), time: timestamp())
    }
    guard case .bundle(let bundle) = request.source else {
      return warn("recluster failed: \(error)")
    }
    guard error.response == .retry else {
      return warn("bundle \(bundle): \(error); radiologynetctl bundle activate tries it again")
    }
    warn("bundle \(bundle): \(error); tried again in a minute")
    jobs.wanted.retry(bundle, at: .now)
  }

  /// Promotes the fit that is pending approval.
  ///
  /// - Returns: why it can't, or `nil`.
  func approve() throws -> String? {
    guard let held = try store.pendingApproval() else { return "no recluster is pending approval" }
    guard held.generation == annotator?.generation.number else {
      return "the recluster pending approval was made for generation \(held.generation); reject it"
    }
    guard let trigger = Trigger(rawValue: held.reason) else {
      return "the recluster pending approval was made by another version; reject it"
    }
    let clustering = try JSONDecoder().decode(FrozenClustering.self, from: held.clustering)
    return try startRecluster(
      .init(trigger: trigger, source: .pendingApproval(clustering, proposals: held.proposals)))
  }

  /// Drops the fit that is pending approval.
  ///
  /// - Returns: why it can't, or `nil`.
  func reject() throws -> String? {
    guard let held = try store.pendingApproval() else { return "no recluster is pending approval" }
    try store.transaction {
      try store.setPendingApproval(nil)
      try store.append(
        Event(
          .reclusterRejected,
          [
            "generation": .int(held.generation), "reason": .string(held.reason),
            "cause": "by hand",
          ]), time: timestamp())
    }
    return nil
  }
}
