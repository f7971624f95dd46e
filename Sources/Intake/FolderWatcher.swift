import Core
import Foundation
import Glibc
import Synchronization

/// Watches folders and passes on every file once it is settled and not yet known: by events where the file system gives
/// them, and always by a full scan from time to time.
package final class FolderWatcher: Sendable {
  package struct Parameters: Sendable {
    package var roots: [String]
    /// Seconds between two scans.
    package var rescan: Double
    /// Seconds for which a file must not change.
    package var settle: Double
    /// Files changed later than this (nanoseconds since 1970) are ignored; `nil` takes all.
    package var until: Int?
    /// The identity of each folder, by path, when files were last seen in it, as an earlier scan reported it.
    package var seen: [String: String]

    package init(
      roots: [String], rescan: Double, settle: Double, until: Int? = nil,
      seen: [String: String] = [:]
    ) {
      self.roots = roots
      self.rescan = rescan
      self.settle = settle
      self.until = until
      self.seen = seen
    }
  }

  package enum Report: Sendable {
    /// Take this file. The watcher waits while the receiver does. `isKnown`: a file was taken under this path before.
    case file(FileStamp, isKnown: Bool)
    /// A full scan ended.
    case scanned(Scan)
    case problem(String)
  }

  package struct Scan: Sendable {
    /// Seconds for which each file that is still being written has been changing.
    package var settling: [FilePath: Double]
    /// Why there may be files that the scan didn't see.
    package var failures: [String]
    /// The identity of each folder, by path, in which files were seen.
    package var seen: [String: String]
  }

  private let parameters: Parameters
  private let key: @Sendable (FilePath) -> UInt64
  private let mayTake: @Sendable () -> Bool
  private let isScanWanted: @Sendable () -> Bool
  private let advanced: @Sendable () -> Void
  private let receive: @Sendable (Report) -> Void
  private let stopped = Atomic(false)
  /// Files that were passed on.
  private let known: Mutex<KnownFiles>

  /// - Parameters:
  ///   - known: versions of the files that were already processed, by path key.
  ///   - key: a path's key.
  ///   - mayTake: asked before each scan; false makes the watcher wait.
  ///   - isScanWanted: asked when a scan is due; false puts it off.
  ///   - advanced: called for each file of a scan, which may take long.
  ///   - receive: receives files, scans and problems, on the watcher's thread.
  package init(
    _ parameters: Parameters, known: KnownFiles, key: @escaping @Sendable (FilePath) -> UInt64,
    mayTake: @escaping @Sendable () -> Bool,
    isScanWanted: @escaping @Sendable () -> Bool = { true },
    advanced: @escaping @Sendable () -> Void = {},
    receive: @escaping @Sendable (Report) -> Void
  ) {
    self.parameters = parameters
    self.known = Mutex(known)
    self.key = key
    self.mayTake = mayTake
    self.isScanWanted = isScanWanted
    self.advanced = advanced
    self.receive = receive
  }

  package func stop() { stopped.store(true, ordering: .relaxed) }

  /// Lets a file be taken again at the next scan.
  package func forget(path: UInt64) { known.withLock { $0.forget(path) } }

  /// Watches until stopped; runs on a thread of its own.
  package func run() {
    let inotify = Inotify()
    if inotify == nil { receive(.problem("no inotify: files are found by scanning only")) }
    let state = State(parameters)
    var nextScan = ContinuousClock.now
    while !stopped.load(ordering: .relaxed) {
      if !mayTake() {
        Thread.sleep(forTimeInterval: 0.5)
        continue
      }
      if ContinuousClock.now >= nextScan {
        if isScanWanted() {
          let mounts = MountPoint.all
          state.roots.begin(mounts: mounts)
          for root in parameters.roots { look(at: root, mounts, inotify, state) }
          let failures = state.endScan()
          let ages = state.settling.ages(at: .now)
          receive(.scanned(Scan(settling: ages, failures: failures, seen: state.roots.seen)))
          nextScan = .now + .seconds(parameters.rescan)
        } else {
          nextScan = .now + .milliseconds(50)
        }
      }
      let untilScan = ContinuousClock.now.duration(to: nextScan) / .milliseconds(1)
      let wait = Int32(max(1, min(untilScan, state.settling.isEmpty ? 250 : 50)))
      if let inotify {
        for event in inotify.events(waiting: wait) {
          switch event {
          case .file(let path, let finished, let moved):
            look(path, finished: finished, moved: moved, state)
          case .folder(let path): scan(path, inotify, state)
          case .overflow: nextScan = .now
          }
        }
      } else {
        Thread.sleep(forTimeInterval: Double(wait) / 1000)
      }
      for path in state.settling.due(at: .now) { look(path, finished: false, moved: false, state) }
    }
  }

  /// State of the watcher's thread between two rounds.
  private final class State {
    var settling: Settling
    var roots: WatchedRoots
    /// Problems that were reported, and those met since the last scan began.
    private var (told, met): (Set<String>, Set<String>) = ([], [])
    private var failures: [String] = []

    init(_ parameters: Parameters) {
      settling = Settling(settle: parameters.settle)
      roots = WatchedRoots(parameters.roots, seen: parameters.seen)
    }

    /// - Parameter isFailure: files may wait because of it.
    /// - Returns: whether it was already reported.
    func meet(_ problem: String, isFailure: Bool) -> Bool {
      if isFailure, !failures.contains(problem) { failures.append(problem) }
      met.insert(problem)
      return !told.insert(problem).inserted
    }

    /// Forgets problems that are fixed: they are reported again when they come back.
    ///
    /// - Returns: the failures that the scan met.
    func endScan() -> [String] {
      defer { (told, met, failures) = (told.intersection(met), [], []) }
      return failures
    }
  }

  private func look(at root: String, _ mounts: [MountPoint], _ inotify: Inotify?, _ state: State) {
    if let problem = state.roots.lostMount(root, MountPoint(holding: root, among: mounts)) {
      return complain(problem, isFailure: true, state)
    }
    scan(root, inotify, state)
    for problem in state.roots.replaced(root) { complain(problem, isFailure: true, state) }
  }

  private func scan(_ folder: some FilePathConvertible, _ inotify: Inotify?, _ state: State) {
    FolderScan(
      file: {
        self.advanced()
        state.roots.count($0.path)
        self.offer($0, finished: false, moved: false, state)
      },
      folder: { folder in
        if let error = inotify?.watch(folder), error == ENOSPC {
          self.complain(
            "fs.inotify.max_user_watches is used up: new files are found by scanning every "
              + "\(self.parameters.rescan) s; raise it with sysctl", isFailure: false, state)
        }
        return !self.stopped.load(ordering: .relaxed)
      },
      problem: { path, error in
        // A folder's name may be a patient's: report the watched folder that it is in, and its key.
        let roots = self.parameters.roots
        let root = roots.first { path.bytes.starts(with: $0.utf8) } ?? ""
        let place =
          roots.contains { $0.filePath == path }
          ? "\(path)" : "a folder below \(root) (key \(String(self.key(path), radix: 16)))"
        let text = "\(place) can't be read: \(String(cString: strerror(error))); its files wait"
        self.complain(text, isFailure: true, state)
      },
      // Reports first, so that they are there when their studies are complete.
      isFirst: ReportFile.isReportFolder
    ).walk(folder)
  }

  private func complain(_ text: String, isFailure: Bool, _ state: State) {
    if !state.meet(text, isFailure: isFailure) { receive(.problem(text)) }
  }

  private func look(_ path: FilePath, finished: Bool, moved: Bool, _ state: State) {
    guard let stamp = FileStamp(path: path) else {
      state.settling.forget(path)
      return
    }
    offer(stamp, finished: finished, moved: moved, state)
  }

  /// Passes a file on unless this version is known. A file that was moved into place always counts as new: not every
  /// file system shows by inode or change time that it is another one.
  private func offer(_ stamp: FileStamp, finished: Bool, moved: Bool, _ state: State) {
    guard !stopped.load(ordering: .relaxed), stamp.version.modified <= parameters.until ?? .max
    else { return }
    let key = key(stamp.path)
    guard known.withLock({ !$0.knows(key, stamp.version) || moved }) else {
      state.settling.forget(stamp.path)
      return
    }
    let wallClock = Int(Date().timeIntervalSince1970 * 1e9)
    guard state.settling.isSettled(stamp, finished: finished, now: .now, wallClock: wallClock)
    else {
      return
    }
    let isKnown = known.withLock { known in
      defer { known.note(key, stamp.version) }
      return known.holds(key)
    }
    receive(.file(stamp, isKnown: isKnown))
  }
}
