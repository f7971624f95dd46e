import Core
import Embeddings
import Features
import Reclustering
import Store
import StudyIntake
import Training

extension Pipeline {
  /// Trains the first models once enough complete studies are held.
  func startTrainingIfDue() {
    guard annotator == nil, jobs.current == nil, jobs.training.isDue(held: buffer.held.count)
    else { return }
    let studies = buffer.takeReference()
    let configuration = configuration
    let (keys, mailbox) = (keys, mailbox)
    let job = BackgroundJob("training")
    jobs.current = job
    Log.info("training the first models on \(studies.count) studies")
    job.start {
      var reported = ContinuousClock.now - .seconds(60)
      let units = Trainer.units(studies, configuration: configuration).map(\.unit)
      let result = Result {
        try ModelBundle.train(
          units, configuration: configuration, keys: keys, cancelled: { job.isCancelled }
        ) {
          guard reported.duration(to: .now) > .seconds(10) else { return }
          reported = .now
          Log.info("training: \($0)")
        }
      }
      mailbox.post(.trained(result))
    }
  }

  /// Writes the trained bundle, opens the first generation and annotates everything held.
  func trained(_ result: Result<ModelBundle, any Error>) throws {
    jobs.current = nil
    let bundle: ModelBundle
    switch result {
    case .success(let trained): bundle = trained
    case .failure(let error):
      if state.isOnce { return end(with: error) }
      jobs.training.raise(held: buffer.held.count)
      warn("training failed: \(error); tried again at \(jobs.training.studies) studies")
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
    _ = annotate(buffer.release())
  }

  /// Puts a generation in force.
  ///
  /// - Parameter encoder: encodes with the generation's bundle.
  func adopt(_ encoder: UnitEncoder, _ generation: LiveGeneration) throws {
    if let annotator, annotator.encoder === encoder {
      try annotator.adopt(generation)
    } else {
      annotator = try StudyAnnotator(
        configuration, keys: keys, store: store, encoder: encoder,
        generation: generation)
      adoptEncoder()
    }
    progress = GenerationProgress(configuration)
    Notifier.status("generation \(generation.number)")
  }
}
