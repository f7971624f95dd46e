import Core
import Features
import Foundation
import Store

/// What is known of trials, which outlives the daemon.
struct EncoderTrials {
  /// The one that is under way.
  var job: BackgroundJob?
  /// What the last one came to.
  private(set) var last: JSON?

  private static let key = "encoder_trial"

  init(_ store: Store) throws {
    last = try store.meta(Self.key).flatMap { try? JSON(parsing: $0) }
  }

  /// Units from which on the next one is due.
  var threshold: Int {
    last?["units"]?.int.map(Self.next) ?? EncoderTrial.fewestStudies
  }

  static func next(after units: Int) -> Int {
    max(units, EncoderTrial.fewestStudies) * EncoderTrial.growth
  }

  /// Keeps what one came to; call it inside a transaction.
  mutating func note(_ outcome: JSON, _ store: Store) throws {
    try store.setMeta(Self.key, outcome.encoded)
    last = outcome
  }

  var status: JSON {
    [
      "running": .optional(job?.progress), "last": last ?? .null,
      "next_at_units": .int(threshold),
    ]
  }
}

extension Pipeline {
  /// Where `features.image` is "auto": trains the semantic image encoder beside annotation once the archive is large
  /// enough, and again when it has grown fourfold.
  func startEncoderTrialIfDue() throws {
    guard configuration.features.image == .auto, !once, trials.job == nil, wantedBundle == nil,
      let annotator, storedUnits + counters.units >= trials.threshold
    else { return }
    let current = annotator.encoder.bundle
    // What a person brought along stays.
    guard let image = current.manifest.extractors["image"], image != "torchscript" else { return }
    let share = Double(EncoderTrial.mostStudies) / Double(max(1, try store.studyCount()))
    let (configuration, mailbox) = (configuration, mailbox)
    let job = BackgroundJob("encoder training")
    trials.job = job
    Log.info("training the semantic image encoder in the background")
    job.start {
      let result = Result { () throws(FeatureError) -> EncoderTrial.Outcome in
        do {
          job.progress = "reading the archive"
          let archive = try OfflineTraining.sample(
            configuration, share: share, cancelled: { job.isCancelled })
          return try EncoderTrial(configuration: configuration, current: current).run(
            archive, checkpoint: configuration.state.bundles + "/trial.checkpoint",
            cancelled: { job.isCancelled }, progress: { job.progress = $0 })
        } catch {
          throw FeatureError("\(error)")
        }
      }
      mailbox.post(.tried(result))
    }
  }

  /// Changes over to an encoder that proved better, unless changes are to wait for a person's word; else keeps in mind
  /// that it was tried.
  func tried(_ result: Result<EncoderTrial.Outcome, FeatureError>) throws {
    trials.job = nil
    let units = storedUnits + counters.units
    var fields: [(key: String, value: JSON)]
    switch result {
    case .failure(let error):
      fields = [("chosen", false), ("error", .string(error.description))]
      warn(
        "the semantic image encoder: \(error); tried again at \(EncoderTrials.next(after: units)) units"
      )
    case .success(let outcome):
      // Whoever changed the configuration meanwhile has decided.
      let chosen = configuration.features.image == .auto ? outcome.bundle : nil
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
      try trials.note(
        JSON.object([("units", .int(units)), ("time", .string(time))] + fields), store)
    }
  }

  /// - Returns: false where `recluster.policy` is to hold what nobody asked for.
  private func changeOver(to bundle: ModelBundle) throws -> Bool {
    try bundle.write(below: configuration.state.bundles)
    guard configuration.recluster.policy == .promote else {
      warn(
        "the semantic image encoder is better; radiologynetctl bundle activate \(bundle.hash) changes over"
      )
      return false
    }
    Log.info("the semantic image encoder is better: changing over to bundle \(bundle.hash)")
    _ = try activate(ActiveBundle.parsed(bundle.hash))
    return true
  }
}
