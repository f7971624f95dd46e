import Core
import Embeddings
import Features
import Reclustering
import Store
import StudyIntake

extension Pipeline {
  /// Makes intake decode and encode images for the models in force.
  func adoptEncoder() {
    let side = annotator?.encoder.bundle.image?.side ?? configuration.decoding.side
    intake.side = side
    intake.encode(with: annotator?.encoder)
  }

  /// Sets the bundle to use from now on.
  ///
  /// - Returns: the effect, in words.
  /// - Throws: `FileError`, `FeatureError` when the bundle doesn't exist or is damaged.
  func activate(_ hash: BundleHash) throws -> String {
    _ = try ActiveBundle.load(hash, configuration).clustering()
    try ActiveBundle.set(hash, configuration.state)
    jobs.wanted.set(hash)
    guard let annotator else { return "opens the first generation" }
    return annotator.encoder.bundle.hash == hash.description
      ? "in force already" : "the archive is embedded again; then a new generation opens"
  }

  /// Changes to the wanted bundle: at once if there is no generation yet, otherwise by embedding the archive again in
  /// the background.
  func startReembeddingIfDue() throws {
    guard let wanted = jobs.wanted.due(at: .now), jobs.current == nil else { return }
    guard let annotator else {
      // While it can't be loaded or written, it stays wanted.
      let bundle = try ActiveBundle.load(wanted, configuration)
      do { try open(bundle, reason: "bundle") } catch {
        if try !store.generations().isEmpty { jobs.wanted.drop() }
        throw error
      }
      jobs.wanted.drop()
      return
    }
    jobs.wanted.drop()
    guard annotator.encoder.bundle.hash != wanted.description else { return }
    let generation = annotator.generation
    let request = Recluster.Request(trigger: .bundle, source: .bundle(wanted))
    let through = try store.lastSequence()
    let (configuration, keys, mailbox) = (configuration, keys, mailbox)
    let job = BackgroundJob("reembedding")
    try store.transaction { try started(request, generation) }
    jobs.current = job
    Log.info("bundle \(wanted): embedding the archive again")
    job.start {
      let result = Result {
        let reembedding = Reembedding(
          try ActiveBundle.load(wanted, configuration), configuration: configuration, keys: keys)
        let source = try reembedding.run(job, through: through)
        return try Recluster.make(
          request, configuration: configuration, generation: generation, from: source,
          cancelled: { job.isCancelled },
          progress: { job.progress = $0 })
      }
      mailbox.post(.fitted(request, result))
    }
  }

  /// At the start: removes the shadow that a daemon left if it was killed right after a change.
  func clearShadows() {
    guard let inForce = annotator?.encoder.bundle.hash,
      (jobs.wanted.hash?.description ?? inForce) == inForce
    else {
      return
    }
    Reembedding.clear(configuration.state)
  }

  /// After the change: reads again what is still embedded under the previous bundle.
  func finishReembedding(_ outcome: Promotion.Outcome) {
    for key in outcome.forgotten { intake.forget(pathKey: key) }
    for (_, study) in buffer.flush() {
      for pathKey in study.files.keys { intake.forget(pathKey: pathKey) }
    }
    state.once.awaitScans()
    Reembedding.clear(configuration.state)
    guard outcome.waiting > 0 else { return }
    Log.info(
      "\(outcome.waiting) units still have the previous bundle: they follow when their files are read "
        + "again, and keep their label if the files are gone")
  }
}
