import Core
import Features
import Store

extension Pipeline {
  /// Makes images and their vectors fit the models in force.
  func adoptEncoder() {
    let side = annotator?.encoder.bundle.image?.side ?? configuration.decoding.side
    stage.side = side
    stage.encode(with: annotator?.encoder)
  }

  /// Names the bundle to work with from now on.
  ///
  /// - Returns: what follows from it.
  /// - Throws: `FileError`, `FeatureError` when there is no such bundle or it is damaged.
  func activate(_ hash: BundleHash) throws -> String {
    _ = try ActiveBundle.load(hash, configuration).clustering()
    try ActiveBundle.set(hash, configuration.state)
    wantedBundle = hash
    guard let annotator else { return "opens the first generation" }
    return annotator.encoder.bundle.hash == hash.description
      ? "in force already" : "the archive is embedded again; then a new generation opens"
  }

  /// Changes to the wanted bundle: at once while there is no generation, else by embedding the archive
  /// again in the background.
  func startReembeddingIfDue() throws {
    guard let wanted = wantedBundle, job == nil, wantedFrom <= .now else { return }
    guard let annotator else {
      // As long as it can't be loaded or written it is wanted still.
      let bundle = try ActiveBundle.load(wanted, configuration)
      do { try open(bundle, reason: "bundle") } catch {
        if try !store.generations().isEmpty { wantedBundle = nil }
        throw error
      }
      wantedBundle = nil
      return
    }
    wantedBundle = nil
    guard annotator.encoder.bundle.hash != wanted.description else { return }
    let generation = annotator.generation
    let request = Recluster.Request(trigger: .bundle, source: .bundle(wanted))
    let through = try store.lastSequence()
    let (configuration, keys, mailbox) = (configuration, keys, mailbox)
    let job = BackgroundJob("reembedding")
    try store.transaction { try started(request, generation) }
    self.job = job
    Log.info("bundle \(wanted): embedding the archive again")
    job.start {
      let result = Result {
        let reembedding = Reembedding(
          try ActiveBundle.load(wanted, configuration), configuration: configuration, keys: keys)
        try reembedding.run(job)
        return try Recluster.make(
          request, configuration: configuration, generation: generation,
          from: (reembedding, through: through), cancelled: { job.isCancelled },
          progress: { job.progress = $0 })
      }
      mailbox.post(.fitted(request, result))
    }
  }

  /// At the start: a daemon that was killed right after a change has left its shadow, which nobody goes on with.
  func clearShadows() {
    guard let inForce = annotator?.encoder.bundle.hash,
      (wantedBundle?.description ?? inForce) == inForce
    else {
      return
    }
    Reembedding.clear(configuration.state)
  }

  /// After the change: what was embedded for the bundle before is read again.
  func finishReembedding(_ outcome: Promotion.Outcome) {
    for key in outcome.forgotten { stage.forget(pathKey: key) }
    for (_, study) in desk.flush() {
      for pathKey in study.files.keys { stage.forget(pathKey: pathKey) }
    }
    awaitScans()
    Reembedding.clear(configuration.state)
    guard outcome.waiting > 0 else { return }
    Log.info(
      "\(outcome.waiting) units are still under the bundle before: they follow when their files are read "
        + "again, and keep their label where the files are gone")
  }
}
