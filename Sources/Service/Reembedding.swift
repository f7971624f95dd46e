import Core
import Features
import Foundation
import Reclustering
import Store
import StudyIntake

/// Embeds the archive again under another bundle, beside the daemon: a pipeline of its own reads the input
/// folder into a store of its own, the shadow, while annotation goes on under the old bundle. What was
/// interrupted goes on where it stopped, because the shadow keeps a ledger like any store.
struct Reembedding: Sendable {
  let bundle: ModelBundle
  /// State of the shadow.
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
    // The other half stays with the files that arrive meanwhile.
    shadow.decoding.workers = max(1, configuration.decoding.workers / 2)
    self.configuration = shadow
    self.keys = keys
  }

  private static let prefix = "reembedding-"

  /// Reads everything that was in the input folder at the start.
  ///
  /// - Parameter through: the archive's last event.
  /// - Throws: what kept it from reading all; `CancellationError`.
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
    // Its workers end with it: a thread that waits for room in the mailbox would keep one for ever.
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
