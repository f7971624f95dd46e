import Core
import Decoding
import Features
import Intake

/// What the pipeline's thread is told by all others.
enum Message: Sendable {
  case decoded(FileStamp, Result<ArrivedInstance, Rejection>)
  case report(FileStamp)
  /// A file that was looked at again holds what the ledger says.
  case unchanged(FileStamp)
  /// The watcher looked at everything once more: seconds that files have been written for, by the key of their path,
  /// and which folders those are that files were seen in.
  case scanned(settling: [String: Double], seen: [String: String])
  /// Intake waits for disk space, or no longer does.
  case paused(Bool)
  case problem(String)
  /// No decoding worker can be started; the file waits.
  case undecoded(WorkerStartError)
  case control(JSON, BlockingQueue<JSON>)
  case trained(Result<ModelBundle, any Error>)
  case fitted(Recluster.Request, Result<Recluster?, any Error>)
  case tried(Result<EncoderTrial.Outcome, any Error>)
  case judged(Result<DriftMonitor.Finding?, any Error>)
  case reload
  case stop

  /// Whether it shows that watching and decoding go on.
  var isFromIntake: Bool {
    switch self {
    case .decoded, .report, .unchanged, .undecoded, .paused: true
    default: false
    }
  }
}

/// An instance as it comes from a worker.
struct ArrivedInstance: Sendable {
  var decoded: DecodedInstance
  var images: [GrayImage]
  var keys: InstanceKeys
  /// The images' vector, and the bundle that it was made with.
  var vector: (values: [Float], bundle: String)?
}
