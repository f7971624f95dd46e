import Core
import Foundation
import Glibc
import Synchronization

/// Watches folders and hands on every file once it is settled and not yet known: by events where the file
/// system gives them, and by scanning everything again from time to time, always.
package final class FolderWatcher: Sendable {
  package struct Parameters: Sendable {
    package var roots: [String]
    /// Seconds between two scans.
    package var rescan: Double
    /// Seconds that a file must stand still.
    package var settle: Double
    /// Files changed later than this (nanoseconds since 1970) are left alone; `nil` takes all.
    package var until: Int?
    /// Which folders the roots were when files were last seen in them, as an earlier scan reported it.
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
    /// Take this file. The watcher waits while the receiver does. `isKnown`: some file was taken under this path.
    case file(FileStamp, isKnown: Bool)
    /// Everything was looked at once more.
    case scanned(Scan)
    case problem(String)
  }

  package struct Scan: Sendable {
    /// Seconds that files which are still being written have been so.
    package var settling: [FilePath: Double]
    /// Why files may wait that the scan didn't see.
    package var failures: [String]
    /// Which folders the roots are, of those that files were seen in.
    package var seen: [String: String]
  }

  private let parameters: Parameters
  private let key: @Sendable (FilePath) -> UInt64
  private let mayTake: @Sendable () -> Bool
  private let isScanWanted: @Sendable () -> Bool
  private let advanced: @Sendable () -> Void
  private let receive: @Sendable (Report) -> Void
  private let stopped = Atomic(false)
  /// What was handed on.
  private let known: Mutex<KnownFiles>

  /// - Parameters:
  ///   - known: stamps of the files that are dealt with, by path key.
  ///   - key: a path's key.
  ///   - mayTake: asked before each scan; false makes the watcher wait.
  ///   - isScanWanted: asked when a scan is due; false puts it off.
  ///   - advanced: called for each file of a scan, which may take long.
  ///   - receive: told of files, scans and problems, on the watcher's thread.
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

  /// What the watcher's thread remembers between two looks.
  private final class State {
    var settling: Settling
    var roots: WatchedRoots
    /// Problems that were told, and those that were met since the last scan began.
    private var (told, met): (Set<String>, Set<String>) = ([], [])
    private var failures: [String] = []

    init(_ parameters: Parameters) {
      settling = Settling(settle: parameters.settle)
      roots = WatchedRoots(parameters.roots, seen: parameters.seen)
    }

    /// - Parameter isFailure: files may wait for it.
    /// - Returns: whether the last scan met it, too.
    func meet(_ problem: String, isFailure: Bool) -> Bool {
      if isFailure, !failures.contains(problem) { failures.append(problem) }
      met.insert(problem)
      return !told.insert(problem).inserted
    }

    /// Forgets problems that are mended: they are told again when they come back.
    ///
    /// - Returns: what failed.
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
        // A folder's name may be a patient's: say which watched folder it is in, and its key.
        let roots = self.parameters.roots
        let root = roots.first { path.bytes.starts(with: $0.utf8) } ?? ""
        let place =
          roots.contains { $0.filePath == path }
          ? "\(path)" : "a folder below \(root) (key \(String(self.key(path), radix: 16)))"
        let text = "\(place) can't be read: \(String(cString: strerror(error))); its files wait"
        self.complain(text, isFailure: true, state)
      },
      // Reports, so that they are there when their studies are complete.
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

  /// Hands a file on unless it is known as it is. One that was moved to its place is looked at again in any case: not
  /// every file system tells by inode or time of change that it is another.
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
