import Core
import Decoding
import Intake

/// Messages from intake's threads.
package enum IntakeMessage: Sendable {
  case decoded(FileStamp, Result<ArrivedInstance, Rejection>)
  case report(FileStamp)
  /// A file that was read again matches the ledger.
  case unchanged(FileStamp)
  /// A full scan ended: how long files have been changing, in seconds by path key, and the identities of the folders in
  /// which files were seen.
  case scanned(settling: [String: Double], seen: [String: String])
  /// Intake waits for disk space (true) or has resumed (false).
  case paused(Bool)
  case problem(String)
  /// No decoding worker can be started; the file waits.
  case undecoded(WorkerStartError)

  /// Whether it shows that decoding makes progress.
  package var isFromWorkers: Bool {
    switch self {
    case .decoded, .report, .unchanged, .undecoded, .paused: true
    case .scanned, .problem: false
    }
  }
}

/// Receives the messages of intake's threads, on any of them.
package protocol IntakeReceiver: Sendable {
  /// Delivers a message. Blocks while there is no room.
  func send(_ message: IntakeMessage)
  /// Delivers a message without blocking.
  func post(_ message: IntakeMessage)
  /// Every watched folder was read, or a long scan made progress.
  func scanAdvanced()
  /// A watched folder could not be read.
  func scanFailed(_ problem: String)
}

/// An instance as a worker returned it.
package struct ArrivedInstance: Sendable {
  package var decoded: DecodedInstance
  package var images: [GreyImage]
  package var keys: InstanceKeys
  /// The images' vector, and the hash of the bundle that encoded it.
  package var vector: (values: [Float], bundle: String)?
  package var picture = Picture.unneeded

  /// The picture of an instance, for its unit's thumbnail.
  package enum Picture: Sendable {
    /// Another instance gives the unit's.
    case unneeded
    /// It may not be shown.
    case withheld
    case shown(GreyImage)
  }
}
