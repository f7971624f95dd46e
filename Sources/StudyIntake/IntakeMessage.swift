import Core
import Decoding
import Intake

/// What intake's threads hand on.
package enum IntakeMessage: Sendable {
  case decoded(FileStamp, Result<ArrivedInstance, Rejection>)
  case report(FileStamp)
  /// A file that was looked at again holds what the ledger says.
  case unchanged(FileStamp)
  /// A whole scan ended: seconds that files have been written for, by the key of their path, and the identities of the
  /// folders in which files were seen.
  case scanned(settling: [String: Double], seen: [String: String])
  /// Intake waits for disk space, or no longer does.
  case paused(Bool)
  case problem(String)
  /// No decoding worker can be started; the file waits.
  case undecoded(WorkerStartError)

  /// Whether it shows that decoding goes on.
  package var isFromWorkers: Bool {
    switch self {
    case .decoded, .report, .unchanged, .undecoded, .paused: true
    case .scanned, .problem: false
    }
  }
}

/// Who gets what intake's threads hand on; called from any of them.
package protocol IntakeReceiver: Sendable {
  /// Waits while there is no room.
  func send(_ message: IntakeMessage)
  /// Never waits.
  func post(_ message: IntakeMessage)
  /// Every watched folder was read, or a long scan got further.
  func scanAdvanced()
  /// A watched folder could not be read.
  func scanFailed(_ problem: String)
}

/// An instance as it comes from a worker.
package struct ArrivedInstance: Sendable {
  package var decoded: DecodedInstance
  package var images: [GreyImage]
  package var keys: InstanceKeys
  /// The images' vector, and the bundle that it was made with.
  package var vector: (values: [Float], bundle: String)?
}
