import Core
import Features
import Foundation
import Intake
import Store

extension Pipeline {
  /// A pipeline over the configuration's state folder, which is made where there is none.
  ///
  /// - Parameter until: files changed later than this (nanoseconds since 1970) are left alone.
  /// - Throws: `FileError`, `FeatureError` or `StoreError`.
  convenience init(
    _ configuration: Configuration, keys: Keys, once: Bool, until: Int? = nil,
    mailbox: BlockingQueue<Message>, board: VitalsBoard? = nil
  ) throws {
    let board = board ?? VitalsBoard(configuration)
    let store = try Store(path: configuration.state.store)
    try store.check(keys.siteKey)
    // While models are loaded.
    let ledger = Eventual { try LedgerReading.files(configuration.state.store) }
    let generation = try Self.openGeneration(configuration, keys, store)
    try store.transaction {
      try store.append(
        AnnotationEvents.lifecycle("started", ["version": .string(softwareVersion)]),
        time: timestamp())
    }
    let log = try AnnotationLog(path: configuration.state.log, store: store) { Log.warning($0) }
    let known = try ledger.get()
    let outstanding = IntakeStage.Outstanding()
    let stage = IntakeStage(
      configuration, keys: keys, known: known, seen: try store.watchedFolders(), once: once,
      until: until,
      ledger: configuration.state.store, mailbox: mailbox,
      outstanding: outstanding, pulse: board.pulse)
    try self.init(
      configuration, keys: keys, store: store, log: log,
      annotator: generation.map { encoder, generation in
        try StudyAnnotator(
          configuration, bodyParts: keys.bodyParts, store: store, encoder: encoder,
          generation: generation)
      }, mailbox: mailbox, stage: stage, outstanding: outstanding, knownFiles: known.count,
      once: once, board: board)
  }

  /// The generation in force with its bundle; else the first one of the bundle that is to be active; else
  /// nothing: the daemon collects studies first.
  private static func openGeneration(
    _ configuration: Configuration, _ keys: Keys, _ store: Store
  ) throws -> (UnitEncoder, LiveGeneration)? {
    if let newest = try store.generations().first {
      let encoder = try UnitEncoder(
        ActiveBundle.load(
          ActiveBundle.parsed(newest.bundle), configuration))
      let layout = encoder.bundle.fusion.layout
      return (encoder, try LiveGeneration(newest, layout: layout, store: store))
    }
    guard let hash = try configuration.state.namedBundle() else { return nil }
    let bundle = try ActiveBundle.load(hash, configuration)
    let encoder = try UnitEncoder(bundle)
    let promotion = Promotion(
      store: store, configuration: configuration, bodyParts: keys.bodyParts, encoder: encoder)
    return (encoder, try promotion.open(bundle.clustering(), reason: "bundle"))
  }
}
