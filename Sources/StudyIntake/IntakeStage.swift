import Core
import Decoding
import Dispatch
import Embeddings
import Features
import Foundation
import Intake
import Store
import Synchronization

/// The threads of intake: one watches folders, and each worker has one that sends it files. Queues between them are
/// bounded, so that a slow receiver slows decoding, and decoding slows watching.
package final class IntakeStage: Sendable {
  private let configuration: Configuration
  private let watcher: FolderWatcher
  /// So many that the watcher sees what comes behind a large study.
  private let candidates = FolderQueue<(stamp: FileStamp, isKnown: Bool)>(capacity: 65_536)
  private let receiver: any IntakeReceiver
  package let outstanding = Outstanding()
  private let imageSide: Atomic<Int>
  private let encoder = Mutex<UnitEncoder?>(nil)
  private let sampled: SampledInstances
  private let keys: Keys
  private let threads = DispatchGroup()
  private let isStopped = Atomic(false)
  private let ledger: StoreLocation?

  /// What is known from before, and where intake ends.
  package struct Options: Sendable {
    /// Files that were dealt with.
    package var known = KnownFiles()
    /// Identities of the folders in which files were seen; see `WatchedRoots`.
    package var seen: [String: String] = [:]
    /// Ends with what is there.
    package var once: Bool
    /// Files changed later than this (nanoseconds since 1970) are left alone.
    package var until: Int?
    /// The store whose ledger files are compared with that are looked at again; `nil` takes them all as new.
    package var ledger: StoreLocation?

    package init(once: Bool) { self.once = once }
  }

  /// Side of the grey images that files are decoded to, pixels: what the models in force take. A change
  /// holds for the files that are decoded after it.
  package var side: Int {
    get { imageSide.load(ordering: .sequentiallyConsistent) }
    set { imageSide.store(newValue, ordering: .sequentiallyConsistent) }
  }

  /// Makes images' vectors while they are still with the thread that had them decoded; `nil` before there are models.
  package func encode(with encoder: UnitEncoder?) { self.encoder.withLock { $0 = encoder } }

  /// Files handed on by the watcher that the pipeline has not dealt with.
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
      // With `once` only what a scan finds after all else is done with matters.
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

  /// Remembers whether intake is paused, so that each change is told once.
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

  /// Waits until all threads and their workers have ended, which takes as long as a file may; the mailbox is closed, or
  /// somebody empties it.
  package func join() { threads.wait() }

  /// Lets a file be taken again.
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
          timeout: decoding.timeout, memory: decoding.memory))
    }
    var worker = makeWorker(side)
    worker.start()
    var wasNeedless = false
    let folders = configuration.intake.reports.isEmpty ? [] : [configuration.intake.reports]
    // Opened when it is first needed: as a rule files are new.
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
          // Nothing is wrong with the file: wait until workers start again.
          receiver.post(.undecoded(error))
          for _ in 0..<50 where !isStopped.load(ordering: .relaxed) {
            Thread.sleep(forTimeInterval: 0.1)
          }
          if isStopped.load(ordering: .relaxed) { return }
        }
      }
    }
  }

  /// Decodes a file; without its pixels where these are not needed.
  ///
  /// - Parameter wasNeedless: the pixels of the file before were not needed. Then those of this one may not be either,
  ///   and it is asked first what it is; to ask every file would cost more than it saves.
  private func decode(_ path: FilePath, _ worker: DecodingWorker, _ wasNeedless: inout Bool)
    throws(WorkerStartError) -> Result<ArrivedInstance, Rejection>
  {
    func arrived(_ decoded: DecodedInstance, _ images: [GreyImage]) -> ArrivedInstance {
      var instance = ArrivedInstance(decoded: decoded, images: images, keys: keys.keys(of: decoded))
      if !images.isEmpty, let encoder = encoder.withLock({ $0 }),
        // What fails here fails again where it can be waited for.
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
    return whole
  }
}
