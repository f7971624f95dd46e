import Core
import Decoding
import Dispatch
import Embeddings
import Features
import Foundation
import Intake
import Store
import Synchronization

/// The threads of intake: one watches folders, and one per worker sends it files. The queues between them are bounded,
/// so a slow receiver slows decoding, and slow decoding slows watching.
package final class IntakeStage: Sendable {
  private let configuration: Configuration
  private let watcher: FolderWatcher
  /// Large enough that the watcher sees what follows a large study.
  private let candidates = FolderQueue<(stamp: FileStamp, isKnown: Bool)>(capacity: 65_536)
  private let receiver: any IntakeReceiver
  package let outstanding = Outstanding()
  private let imageSide: Atomic<Int>
  private let encoder = Mutex<UnitEncoder?>(nil)
  private let sampled: SampledInstances
  /// `nil` where no one looks at pictures.
  private let shown: ShownInstances?
  private let keys: Keys
  private let threads = DispatchGroup()
  private let isStopped = Atomic(false)
  private let ledger: StoreLocation?

  /// What is known at the start, and where intake ends.
  package struct Options: Sendable {
    /// Files that were processed before.
    package var known = KnownFiles()
    /// Identities of the folders in which files were seen; see `WatchedRoots`.
    package var seen: [String: String] = [:]
    /// Reads the files that are there, then ends.
    package var once: Bool
    /// Files changed later than this (nanoseconds since 1970) are skipped.
    package var until: Int?
    /// The store whose ledger known files are compared with; `nil` treats every file as new.
    package var ledger: StoreLocation?
    /// Whether units get pictures for people.
    package var makesPictures = false

    package init(once: Bool) { self.once = once }
  }

  /// Side of the grey images that files are decoded to, in pixels, as the models in force require. A change applies to
  /// files that are decoded after it.
  package var side: Int {
    get { imageSide.load(ordering: .sequentiallyConsistent) }
    set { imageSide.store(newValue, ordering: .sequentiallyConsistent) }
  }

  /// Sets the encoder with which the decoding threads compute image vectors; `nil` before there are models.
  package func encode(with encoder: UnitEncoder?) { self.encoder.withLock { $0 = encoder } }

  /// Number of files that the watcher found and the pipeline has not processed yet.
  package final class Outstanding: Sendable {
    private let counter = Atomic(0)
    package func add(_ change: Int) { counter.add(change, ordering: .sequentiallyConsistent) }
    package var count: Int { counter.load(ordering: .sequentiallyConsistent) }
  }

  package init(
    _ configuration: Configuration, keys: Keys, _ options: Options, receiver: any IntakeReceiver
  ) {
    self.configuration = configuration
    imageSide = Atomic(configuration.decoding.side)
    sampled = SampledInstances(configuration)
    shown =
      options.makesPictures && configuration.thumbnailSide > 0
      ? ShownInstances(configuration.unit) : nil
    self.keys = keys
    ledger = options.ledger
    self.receiver = receiver
    let intake = configuration.intake
    let (candidates, outstanding, once) = (candidates, outstanding, options.once)
    let pauses = Pauses()
    watcher = FolderWatcher(
      .init(
        roots: [intake.input] + (intake.reports.isEmpty ? [] : [intake.reports]),
        rescan: once ? min(intake.rescan, 0.5) : intake.rescan, settle: intake.settle,
        until: options.until, seen: options.seen),
      known: options.known, key: { Keys.short(keys.path($0)) },
      mayTake: {
        pauses.mayTake(at: configuration.state.directory, minimum: intake.minimumFree) {
          receiver.post(.paused($0))
        }
      },
      // With `once`, only a scan after everything else is done matters.
      isScanWanted: { !once || outstanding.count == 0 },
      advanced: { receiver.scanAdvanced() },
      receive: { report in
        switch report {
        case .file(let stamp, let isKnown):
          outstanding.add(1)
          candidates.send((stamp, isKnown), folder: stamp.path.parent)
        case .scanned(let scan):
          if scan.failures.isEmpty {
            receiver.scanAdvanced()
          } else {
            receiver.scanFailed(scan.failures[0] + (scan.failures.count > 1 ? ", and more" : ""))
          }
          let ages = scan.settling.map { (keys.path($0.key), $0.value) }
          receiver.post(
            .scanned(settling: Dictionary(ages, uniquingKeysWith: max), seen: scan.seen))
        case .problem(let text): receiver.post(.problem(text))
        }
      })
  }

  /// Remembers whether intake is paused, so that each change is reported once.
  private final class Pauses: Sendable {
    private let paused = Mutex(false)

    func mayTake(at directory: String, minimum: UInt64, changed: (Bool) -> Void) -> Bool {
      let short = (freeSpace(at: directory) ?? .max) < minimum
      let turned = paused.withLock { state in
        defer { state = short }
        return state != short
      }
      if turned { changed(short) }
      return !short
    }
  }

  package func start() {
    run { self.watcher.run() }
    for _ in 0..<configuration.decoding.workers { run { self.work() } }
  }

  private func run(_ body: @escaping @Sendable () -> Void) {
    threads.enter()
    Thread.detachNewThread {
      body()
      self.threads.leave()
    }
  }

  package func stop() {
    isStopped.store(true, ordering: .relaxed)
    watcher.stop()
    candidates.close()
  }

  /// Waits until all threads and their workers have ended, at most as long as one file may take. Close the mailbox
  /// first, or keep emptying it.
  package func join() { threads.wait() }

  /// Forgets a file, so that the next scan reads it again.
  package func forget(pathKey: String) { watcher.forget(path: Keys.short(pathKey)) }

  private func work() {
    let decoding = configuration.decoding
    func makeWorker(_ side: Int) -> DecodingWorker {
      DecodingWorker(
        .init(
          executable: DecodingWorker.defaultExecutable,
          instance: .init(
            side: side, frames: decoding.framesPerInstance,
            fallbackCharset: decoding.fallbackCharset),
          timeout: decoding.timeout, memory: decoding.memory,
          picture: (configuration.thumbnailSide, configuration.thumbnailText)))
    }
    var worker = makeWorker(side)
    worker.start()
    var wasNeedless = false
    let folders = configuration.intake.reports.isEmpty ? [] : [configuration.intake.reports]
    // Opened on first use: files are usually new.
    var store: (any Store)?
    while let (stamp, isKnown) = candidates.receive() {
      if isKnown, let ledger {
        if store == nil { store = try? ledger.open(readOnly: true) }
        if let store, LedgerReading.isUnchanged(stamp, keys.path(stamp.path), store) {
          receiver.send(.unchanged(stamp))
          continue
        }
      }
      if ReportFile.isReport(stamp.path, folders: folders) {
        receiver.send(.report(stamp))
        continue
      }
      if worker.side != side { worker = makeWorker(side) }
      while true {
        do throws(WorkerStartError) {
          let result = try decode(stamp.path, worker, &wasNeedless)
          receiver.send(.decoded(stamp, result))
          break
        } catch {
          // The file is not at fault: wait until workers start again.
          receiver.post(.undecoded(error))
          for _ in 0..<50 where !isStopped.load(ordering: .relaxed) {
            Thread.sleep(forTimeInterval: 0.1)
          }
          if isStopped.load(ordering: .relaxed) { return }
        }
      }
    }
  }

  /// Decodes a file, without its pixels if they are not needed.
  ///
  /// - Parameter wasNeedless: the pixels of the previous file were not needed. Then this file's may not be needed
  ///   either, so its header is read first. Doing that for every file would cost more than it saves.
  /// - Throws: `WorkerStartError`.
  private func decode(_ path: FilePath, _ worker: DecodingWorker, _ wasNeedless: inout Bool)
    throws(WorkerStartError) -> Result<ArrivedInstance, Rejection>
  {
    func arrived(_ decoded: DecodedInstance, _ images: [GreyImage]) -> ArrivedInstance {
      var instance = ArrivedInstance(decoded: decoded, images: images, keys: keys.keys(of: decoded))
      if !images.isEmpty, let encoder = encoder.withLock({ $0 }),
        // A failure here occurs again in the pipeline, which can wait and retry.
        let values = try? encoder.encode(images)
      {
        instance.vector = (values, encoder.bundle.hash)
      }
      return instance
    }
    if wasNeedless {
      let header = try worker.decode(path, frames: 0).map(arrived)
      guard case .success(let instance) = header, instance.decoded.hasPixels,
        !sampled.areEnough(without: instance.keys)
      else { return header }
    }
    let whole = try worker.decode(path).map(arrived)
    if case .success(let instance) = whole, instance.decoded.hasPixels {
      wasNeedless = !sampled.add(instance.keys)
    }
    return whole.map { instance in
      var instance = instance
      instance.picture = picture(of: instance, worker)
      return instance
    }
  }

  /// The picture of the instance that a worker has just decoded.
  private func picture(of instance: ArrivedInstance, _ worker: DecodingWorker)
    -> ArrivedInstance.Picture
  {
    guard let shown, !instance.images.isEmpty else { return .unneeded }
    if instance.decoded.isBurnedIn { return .withheld }
    guard shown.isWanted(instance.keys) else { return .unneeded }
    guard let picture = worker.picture() else { return .withheld }
    shown.add(instance.keys)
    return .shown(picture)
  }
}
