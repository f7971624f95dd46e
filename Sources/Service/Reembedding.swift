import Core
import Features
import Foundation
import Reclustering
import Store
import StudyIntake

/// Embeds the archive again under another bundle, beside the daemon: a second pipeline reads the input folder into a
/// second store, the shadow, while annotation continues under the old bundle. After an interruption it resumes where it
/// stopped, because the shadow keeps a ledger like any store.
struct Reembedding: Sendable {
  let bundle: ModelBundle
  /// State folder of the shadow.
  let folder: String
  private let configuration: Configuration
  private let keys: Keys

  init(_ bundle: ModelBundle, configuration: Configuration, keys: Keys) {
    self.bundle = bundle
    folder = configuration.state.directory + "/" + Self.prefix + bundle.hash
    var shadow = configuration
    shadow.state = Configuration.State(
      directory: folder, log: folder + "/annotations.jsonl", socket: "")
    shadow.recluster.every = 0
    shadow.drift.window = 0
    // The other half of the workers is left for files that arrive meanwhile.
    shadow.decoding.workers = max(1, configuration.decoding.workers / 2)
    self.configuration = shadow
    self.keys = keys
  }

  private static let prefix = "reembedding-"

  /// Reads everything that was in the input folder at the start.
  ///
  /// - Parameter through: sequence number of the archive's last event.
  /// - Throws: the error that ended the shadow's pipeline; `CancellationError`.
  func run(_ job: BackgroundJob, through: Int) throws -> VectorSource {
    try makeFolder(folder)
    let link = configuration.state.bundles
    if !FileManager.default.fileExists(atPath: link) {
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../bundles")
      Ownership.giveToFolder(link)
    }
    let mailbox = BlockingQueue<Message>(capacity: 256)
    let pipeline = try Pipeline(
      configuration, keys: keys, .once(until: Int(Date().timeIntervalSince1970 * 1e9)),
      mailbox: mailbox, board: VitalsBoard(configuration))
    job.whenCancelled { mailbox.post(.stop) }
    pipeline.run()
    // Ends its workers too: a thread blocked on a full mailbox would keep its worker forever.
    mailbox.close()
    pipeline.intake.join()
    if let failure = pipeline.state.failure { throw failure }
    guard !job.isCancelled else { throw CancellationError() }
    return VectorSource(bundle: bundle, store: configuration.state.storeLocation, through: through)
  }

  /// Removes every shadow of a state folder.
  static func clear(_ state: Configuration.State) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: state.directory)) ?? []
    for name in names where name.hasPrefix(prefix) {
      try? FileManager.default.removeItem(atPath: state.directory + "/" + name)
    }
  }
}
