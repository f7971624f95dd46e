import Core
import Store

/// Background jobs and what follows from them. Only one job at a time may change the generation; an encoder trial runs
/// beside it.
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
