import Core
import Store

/// Work in the background and what is to come of it. One job changes the generation at a time; the trial of an encoder
/// runs beside it.
struct Jobs {
  /// A training, a recluster, a re-embedding or a drift window.
  var current: BackgroundJob?
  /// Clients that wait for the recluster's outcome.
  var waiters: [BlockingQueue<JSON>] = []
  var training: TrainingThreshold
  var wanted: WantedBundle
  var trials: EncoderTrials

  init(_ configuration: Configuration, _ store: any Store) throws {
    training = TrainingThreshold(studies: configuration.bootstrapStudies)
    wanted = WantedBundle()
    trials = try EncoderTrials(store)
  }
}
