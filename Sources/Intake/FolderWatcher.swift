import Core
import Foundation
import Glibc
import Synchronization

/// Watches folders and hands on every file once it is settled and not yet known: by events where the file
/// system gives them, and by scanning everything again from time to time, always.
public final class FolderWatcher: Sendable {
  public struct Parameters: Sendable {
    public var roots: [String]
    /// Seconds between two scans.
    public var rescan: Double
    /// Seconds that a file must stand still.
    public var settle: Double
    /// Files changed later than this (nanoseconds since 1970) are left alone; `nil` takes all.
    public var until: Int?

    public init(roots: [String], rescan: Double, settle: Double, until: Int? = nil) {
      self.roots = roots
      self.rescan = rescan
      self.settle = settle
      self.until = until
    }
  }

  public enum Report: Sendable {
    /// Take this file. The watcher waits while the receiver does. `isKnown`: some file was taken under this path.
    case file(FileStamp, isKnown: Bool)
    /// Everything was looked at once more; `settling` files are still being written. `isWhole`: every root could be read.
    case scanned(settling: [FilePath: Double], isWhole: Bool)
    case problem(String)
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
  public init(
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

  public func stop() { stopped.store(true, ordering: .relaxed) }

  /// Lets a file be taken again at the next scan.
  public func forget(path: UInt64) { known.withLock { $0.forget(path) } }

  /// Watches until stopped; runs on a thread of its own.
  public func run() {
    let inotify = Inotify()
    if inotify == nil { receive(.problem("no inotify: files are found by scanning only")) }
    let state = State(settle: parameters.settle)
    var nextScan = ContinuousClock.now
    while !stopped.load(ordering: .relaxed) {
      if !mayTake() {
        Thread.sleep(forTimeInterval: 0.5)
        continue
      }
      if ContinuousClock.now >= nextScan {
        if isScanWanted() {
          let failed = parameters.roots.filter { !isThere($0, state) || !scan($0, inotify, state) }
          receive(
            .scanned(settling: state.settling.ages(at: .now), isWhole: failed.isEmpty))
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
          case .folder(let path): _ = scan(path, inotify, state)
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
    /// Roots that were mount points once.
    var mounted: Set<String> = []
    private var complained: Set<String> = []

    init(settle: Double) { settling = Settling(settle: settle) }

    /// True the first time that a problem is met.
    func isNew(_ problem: String) -> Bool { complained.insert(problem).inserted }
  }

  /// Whether what is mounted at a root still is: the folder below it is no export, and emptier than it seems.
  private func isThere(_ root: String, _ state: State) -> Bool {
    guard !Self.isMountPoint(root) else {
      state.mounted.insert(root)
      return true
    }
    guard state.mounted.contains(root) else { return true }
    complain("\(root) is no longer mounted; it is looked at again when it is", state)
    return false
  }

  private static func isMountPoint(_ path: String) -> Bool {
    var (folder, parent) = (stat(), stat())
    return stat(path, &folder) == 0 && stat(path + "/..", &parent) == 0
      && (folder.st_dev != parent.st_dev || folder.st_ino == parent.st_ino)
  }

  /// - Returns: false when the folder itself can't be read.
  private func scan(_ root: some FilePathConvertible, _ inotify: Inotify?, _ state: State) -> Bool {
    var isReadable = true
    FolderScan(
      file: {
        self.advanced()
        self.offer($0, finished: false, moved: false, state)
      },
      folder: { folder in
        if let error = inotify?.watch(folder), error == ENOSPC {
          self.complain(
            "fs.inotify.max_user_watches is used up: new files are found by scanning every "
              + "\(self.parameters.rescan) s; raise it with sysctl", state)
        }
        return !self.stopped.load(ordering: .relaxed)
      },
      problem: { path, error in
        // A folder's name may be a patient's: say which watched folder it is in, and its key.
        let root = root.filePath
        if path == root { isReadable = false }
        let place =
          path == root
          ? "\(root)" : "a folder below \(root) (key \(String(self.key(path), radix: 16)))"
        self.complain(
          "\(place) can't be read: \(String(cString: strerror(error))); its files wait", state)
      },
      // Reports, so that they are there when their studies are complete.
      isFirst: ReportFile.isReportFolder
    ).walk(root)
    return isReadable
  }

  private func complain(_ text: String, _ state: State) {
    if state.isNew(text) { receive(.problem(text)) }
  }

  private func look(_ path: FilePath, finished: Bool, moved: Bool, _ state: State) {
    guard let stamp = FileStamp(path: path) else {
      state.settling.forget(path)
      return
    }
    offer(stamp, finished: finished, moved: moved, state)
  }

  /// Hands a file on unless it is known as it is. One that was moved to its place is looked at again in any case: not every
  /// file system tells by inode or time of change that it is another.
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
