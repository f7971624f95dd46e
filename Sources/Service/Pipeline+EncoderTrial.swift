import Core
import Embeddings
import Features
import Foundation
import Store
import Training

extension Pipeline {
  /// If `features.image` is "auto": trains the semantic image encoder beside annotation once the archive is large
  /// enough, and again when it has grown fourfold.
  func startEncoderTrialIfDue() throws {
    if let outcome = jobs.trials.outcome { try tried(outcome) }
    guard configuration.features.image == .auto, !state.isOnce, jobs.trials.job == nil,
      jobs.wanted.hash == nil,
      let current = annotator?.encoder.bundle, state.counters.allUnits >= jobs.trials.threshold
    else { return }
    // An imported encoder is not replaced.
    guard let method = current.manifest.extractors["image"], method != "torchscript",
      let side = current.image?.side,
      side % configuration.features.gridSide(of: .semantic) == 0
    else { return }
    let studies = try store.studyCount()
    guard studies >= EncoderTrial.fewestStudies else { return }
    let job = BackgroundJob("encoder training")
    guard try jobs.trials.begin(job, active: namedBundle, store) else {
      jobs.trials.outcome = .failure(FeatureError("it was started three times and never finished"))
      return
    }
    let share = min(
      Double(EncoderTrial.mostStudies) / Double(studies),
      Double(EncoderTrial.mostUnits) / Double(max(1, state.counters.allUnits)))
    var settings = self.configuration
    // The encoder in force is judged on the same images.
    settings.decoding.side = side
    let (configuration, keys, mailbox) = (settings, keys, mailbox)
    Log.info("training the semantic image encoder in the background")
    job.start {
      let result = Result {
        try ImageEncoder.checkNetworks()
        job.progress = "reading the archive"
        let archive = try OfflineTraining.sample(
          configuration, share: share, cancelled: { job.isCancelled })
        return try EncoderTrial(configuration: configuration, current: current, keys: keys).run(
          archive, checkpoint: configuration.state.bundles + "/trial.checkpoint",
          cancelled: { job.isCancelled }, progress: { job.progress = $0 })
      }
      mailbox.post(.tried(result))
    }
  }

  /// The active bundle. An unreadable file was reported at the start; here it counts as absent.
  private var namedBundle: BundleHash? { try? configuration.state.namedBundle() }

  /// Changes to an encoder that proved better, unless the policy requires manual activation, and records the trial.
  func tried(_ result: Result<EncoderTrial.Outcome, any Error>) throws {
    let units = state.counters.allUnits
    var fields: [(key: String, value: JSON)]
    switch result {
    case .failure(let error):
      fields = [("chosen", false), ("error", .string("\(error)"))]
    case .success(let outcome):
      // A bundle activated during the trial takes precedence.
      let active = namedBundle
      let isOurs = active == jobs.trials.activeBefore || active?.description == outcome.bundle?.hash
      let chosen = isOurs ? outcome.bundle : nil
      fields = [("chosen", .bool(chosen != nil)), ("figures", outcome.figures)]
      if let chosen {
        fields += [
          ("bundle", .string(chosen.hash)), ("activated", .bool(try changeOver(to: chosen))),
        ]
      }
    }
    let time = timestamp()
    try store.transaction {
      var event = AnnotationEvents.lifecycle("encoder_tried", ["units": .int(units)])
      event.fields += fields
      try store.append(event, time: time)
      try jobs.trials.note(
        JSON.object([("units", .int(units)), ("time", .string(time))] + fields), store)
    }
    jobs.trials.end()
    if case .failure(let error) = result {
      warn("the semantic image encoder: \(error); tried again at \(jobs.trials.threshold) units")
    }
  }

  /// - Returns: false when `recluster.policy` is `hold`: the bundle waits for manual activation.
  private func changeOver(to bundle: ModelBundle) throws -> Bool {
    try bundle.write(below: configuration.state.bundles)
    guard configuration.recluster.policy == .promote else {
      warn(
        "the semantic image encoder is better; radiologynetctl bundle activate \(bundle.hash) changes to it"
      )
      return false
    }
    Log.info("the semantic image encoder is better: changing to bundle \(bundle.hash)")
    _ = try activate(ActiveBundle.parsed(bundle.hash))
    return true
  }
}
