import Core
import Features
import Store

extension Pipeline {
  /// Trains the first models once enough complete studies are held.
  func startTrainingIfDue() {
    guard annotator == nil, job == nil, !desk.held.isEmpty, desk.held.count >= trainingThreshold
    else {
      return
    }
    let studies = desk.takeReference()
    let configuration = configuration
    let mailbox = mailbox
    let job = BackgroundJob("training")
    self.job = job
    Log.info("training the first models on \(studies.count) studies")
    job.start {
      var reported = ContinuousClock.now - .seconds(60)
      let units = Trainer.units(studies, configuration: configuration).map(\.unit)
      let result = Result { () throws(FeatureError) -> ModelBundle in
        do {
          return try ModelBundle.train(
            units, configuration: configuration, cancelled: { job.isCancelled }
          ) {
            guard reported.duration(to: .now) > .seconds(10) else { return }
            reported = .now
            Log.info("training: \($0)")
          }
        } catch let error as FeatureError {
          throw error
        } catch {
          throw FeatureError("\(error)")
        }
      }
      mailbox.post(.trained(result))
    }
  }

  /// Freezes what was trained, opens generation 1 and annotates everything held.
  func trained(_ result: Result<ModelBundle, FeatureError>) throws {
    job = nil
    let bundle: ModelBundle
    switch result {
    case .success(let trained): bundle = trained
    case .failure(let error):
      if once { throw error }
      trainingThreshold = desk.held.count + max(10, desk.held.count / 10)
      warn("training failed: \(error); tried again at \(trainingThreshold) studies")
      return
    }
    try bundle.write(below: configuration.state.bundles)
    try open(bundle, reason: "bootstrap")
  }

  /// Opens the first generation from a bundle and annotates everything held.
  func open(_ bundle: ModelBundle, reason: String) throws {
    let encoder = try UnitEncoder(bundle)
    let generation = try Promotion(store: store, configuration: configuration, encoder: encoder)
      .open(bundle.clustering(), reason: reason)
    try adopt(encoder, generation)
    Log.info(
      "bundle \(bundle.hash): generation \(generation.number), \(generation.clusters.count) clusters"
    )
    _ = annotate(desk.release())
  }

  /// - Parameter encoder: of the generation's bundle.
  private func adopt(_ encoder: UnitEncoder, _ generation: LiveGeneration) throws {
    if let annotator, annotator.encoder === encoder {
      try annotator.adopt(generation)
    } else {
      annotator = try StudyAnnotator(
        configuration, store: store, encoder: encoder, generation: generation)
      adoptSide()
    }
    unitsSincePromotion = 0
    reclusterThreshold = configuration.reclusterEvery
    driftThreshold = configuration.drift.window
    Notifier.status("generation \(generation.number)")
  }

  func startReclusterIfDue() {
    guard configuration.reclusterEvery > 0, job == nil, unitsSincePromotion >= reclusterThreshold
    else {
      return
    }
    do { _ = try startRecluster(.init(reason: "scheduled", dryRun: false)) } catch { fail(error) }
  }

  /// - Returns: why it can't start, or `nil`.
  func startRecluster(_ request: Recluster.Request) throws -> String? {
    guard let annotator else {
      return "there is no generation yet: \(desk.held.count) of \(configuration.bootstrapStudies) "
        + "studies collected for the first models"
    }
    guard job == nil else { return "a \(job?.name ?? "job") is running" }
    let generation = annotator.generation
    let configuration = configuration
    let mailbox = mailbox
    let job = BackgroundJob("recluster")
    try store.transaction { try started(request, generation) }
    self.job = job
    job.start {
      let result = Result { () throws(FeatureError) -> Recluster? in
        do {
          return try Recluster.fit(
            request, configuration: configuration, generation: generation,
            cancelled: { job.isCancelled })
        } catch {
          throw FeatureError("\(error)")
        }
      }
      mailbox.post(.fitted(request, result))
    }
    return nil
  }

  /// Notes the beginning of a full fit; call it inside a transaction.
  func started(_ request: Recluster.Request, _ generation: LiveGeneration) throws {
    try store.append(
      Event(
        .reclusterStarted,
        [
          "generation": .int(generation.number), "reason": .string(request.reason),
          "dry_run": .bool(request.dryRun),
        ]), time: timestamp())
  }

  /// Promotes a fit, or only reports it after a dry run.
  func fitted(_ request: Recluster.Request, _ result: Result<Recluster?, FeatureError>) throws {
    job = nil
    if !request.dryRun {
      // Should it come to nothing, the next scheduled one follows soon, but not at once and for ever.
      reclusterThreshold = unitsSincePromotion + max(1, configuration.reclusterEvery / 10)
    }
    var answer: JSON = ["ok": false, "error": "there is nothing to cluster yet"]
    defer {
      // Who waited finds the new lines in the log.
      do { try log.catchUp(with: store) } catch { fail(error) }
      for waiter in reclusterWaiters { waiter.post(answer) }
      reclusterWaiters = []
    }
    guard let annotator else { return }
    do {
      guard let recluster = try result.get() else { return }
      let promotion = Promotion(
        store: store, configuration: configuration, encoder: annotator.encoder)
      if request.dryRun {
        try store.transaction {
          try promotion.finished(recluster, annotator.generation, timestamp())
        }
        answer = ["ok": true, "promoted": false, "figures": recluster.figures]
      } else {
        let outcome = try promotion.promote(recluster, from: annotator.generation)
        let encoder = try recluster.reembedding.map { try UnitEncoder($0.bundle) }
        try adopt(encoder ?? annotator.encoder, outcome.generation)
        Log.info(
          "recluster: generation \(outcome.generation.number) promoted, \(outcome.revised) units revised"
        )
        if recluster.reembedding != nil { finishReembedding(outcome) }
        answer = [
          "ok": true, "promoted": true, "generation": .int(outcome.generation.number),
          "revised_units": .int(outcome.revised), "figures": recluster.figures,
        ]
      }
    } catch {
      answer = ["ok": false, "error": .string("\(error)")]
      if let error = error as? FeatureError {
        warn("recluster failed: \(error)")
      } else {
        throw error
      }
    }
  }
}
