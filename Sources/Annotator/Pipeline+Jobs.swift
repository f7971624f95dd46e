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
      let result = Result {
        try ModelBundle.train(
          units, configuration: configuration, cancelled: { job.isCancelled }
        ) {
          guard reported.duration(to: .now) > .seconds(10) else { return }
          reported = .now
          Log.info("training: \($0)")
        }
      }
      mailbox.post(.trained(result))
    }
  }

  /// Freezes what was trained, opens generation 1 and annotates everything held.
  func trained(_ result: Result<ModelBundle, any Error>) throws {
    job = nil
    let bundle: ModelBundle
    switch result {
    case .success(let trained): bundle = trained
    case .failure(let error):
      if once { return end(with: error) }
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
    let generation = try Promotion(
      store: store, configuration: configuration, bodyParts: keys.bodyParts, encoder: encoder
    ).open(bundle.clustering(), reason: reason)
    try adopt(encoder, generation)
    Log.info(
      "bundle \(bundle.hash): generation \(generation.number), \(generation.clusters.count) clusters"
    )
    _ = annotate(desk.release())
  }

  /// - Parameter encoder: of the generation's bundle.
  func adopt(_ encoder: UnitEncoder, _ generation: LiveGeneration) throws {
    if let annotator, annotator.encoder === encoder {
      try annotator.adopt(generation)
    } else {
      annotator = try StudyAnnotator(
        configuration, bodyParts: keys.bodyParts, store: store, encoder: encoder,
        generation: generation)
      adoptEncoder()
    }
    unitsSincePromotion = 0
    reclusters = Schedule(every: configuration.recluster.every)
    driftWindows = Schedule(every: configuration.drift.window)
    Notifier.status("generation \(generation.number)")
  }
}
