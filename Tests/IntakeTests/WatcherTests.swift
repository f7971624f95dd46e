import Core
import Foundation
import Glibc
import Intake
import Synchronization
import TestSupport
import Testing

/// Starts a watcher on a folder and collects what it reports.
private final class Watch: Sendable {
  private let found = Mutex<[FilePath]>([])
  private let problems = Mutex<[String]>([])
  private let watcher: FolderWatcher

  init(_ root: String, rescan: Double = 0.2, mayTake: @escaping @Sendable () -> Bool = { true }) {
    let collect = Collector()
    watcher = FolderWatcher(
      .init(roots: [root], rescan: rescan, settle: 0.1), known: KnownFiles(),
      key: { UInt64(bitPattern: Int64($0.hashValue)) }, mayTake: mayTake,
      receive: { collect.receive($0) })
    collect.watch = self
    let watcher = watcher
    Thread.detachNewThread { watcher.run() }
  }

  deinit { watcher.stop() }

  private final class Collector: @unchecked Sendable {
    weak var watch: Watch?
    func receive(_ report: FolderWatcher.Report) {
      switch report {
      case .file(let stamp, _): watch?.found.withLock { $0.append(stamp.path) }
      case .problem(let text): watch?.problems.withLock { $0.append(text) }
      case .scanned: break
      }
    }
  }

  var inOrder: [String] { found.withLock { $0.map { FilePath($0.lastComponent).text } } }
  var names: [String] { inOrder.sorted() }
  var complaints: [String] { problems.withLock { $0 } }

  func finds(_ names: [String]) -> Bool { eventually(within: 20) { self.names == names.sorted() } }
}

@Suite struct WatcherTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0.2, 3_600])
  func `files are found by scanning and by events, each once`(_ rescan: Double) throws {
    try folder.file("before", "1")
    let watch = Watch(folder.path, rescan: rescan)
    #expect(watch.finds(["before"]))
    try folder.file("after", "2")
    try folder.folder("new/deep")
    try folder.file("new/deep/inner", "3")
    #expect(watch.finds(["before", "after", "inner"]))
    usleep(500_000)
    #expect(watch.names.count == 3)
  }

  @Test func `a folder moved in is found with all its files`() throws {
    let outside = try TemporaryFolder()
    try outside.folder("study/series")
    for index in 0..<50 { try outside.file("study/series/i\(index)", "x") }
    let watch = Watch(folder.path, rescan: 3_600)
    usleep(200_000)
    #expect(rename(outside.path + "/study", folder.path + "/study") == 0)
    #expect(watch.finds((0..<50).map { "i\($0)" }))
  }

  @Test func `a changed file is taken again`() throws {
    try folder.file("a", "1")
    let watch = Watch(folder.path)
    #expect(watch.finds(["a"]))
    try folder.file("a", "22")
    #expect(watch.finds(["a", "a"]))
  }

  @Test func `unfinished and hidden files, pipes and link loops are skipped`() throws {
    try folder.file("a.partial", "1")
    try folder.file("b.tmp", "1")
    try folder.file(".hidden", "1")
    try folder.folder("sub")
    #expect(symlink("..", folder.path + "/sub/loop") == 0)
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    try folder.file("good", "1")
    #expect(symlink("good", folder.path + "/link") == 0)
    let watch = Watch(folder.path)
    #expect(watch.finds(["good", "link"]))
  }

  @Test func `a file renamed into place is found under its last name`() throws {
    let watch = Watch(folder.path, rescan: 3_600)
    usleep(200_000)
    try folder.file("image.partial", "1")
    #expect(rename(folder.path + "/image.partial", folder.path + "/image") == 0)
    #expect(watch.finds(["image"]))
  }

  @Test func `a scan takes reports before images`() throws {
    for name in ["a", "REPORTS", "z"] {
      try folder.folder(name)
      try folder.file(name + "/" + name, "1")
    }
    // All are settled when the watcher first looks.
    usleep(200_000)
    let watch = Watch(folder.path, rescan: 3_600)
    #expect(watch.finds(["REPORTS", "a", "z"]))
    #expect(watch.inOrder.first == "REPORTS")
  }

  private static let names: [FilePath] = [
    FilePath([0x67, 0x72, 0xfc, 0x6e]), FilePath([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]),
    FilePath([0xff, 0xfe]), "two\nlines", "e\u{301}", "\u{e9}", "100%41", FilePath([0x4d, 0xfc]),
  ]

  @Test(arguments: [true, false]) func `names are bytes`(_ before: Bool) throws {
    func write() {
      for name in Self.names {
        // The last is a folder.
        let folder = folder.path.filePath.appending("M".utf8 + name.bytes)
        #expect(folder.withCString { mkdir($0, 0o755) } == 0)
        let file = folder.appending(name.bytes).withCString { open($0, O_CREAT | O_WRONLY, 0o644) }
        #expect(file >= 0)
        close(file)
      }
    }
    if before { write() }
    let watch = Watch(folder.path, rescan: 3_600)
    if !before {
      usleep(300_000)
      write()
    }
    #expect(watch.finds(Self.names.map(\.text)))
    removeAll()
  }

  /// Foundation leaves out names that are not UTF-8.
  private func removeAll() {
    for name in Self.names {
      let folder = folder.path.filePath.appending("M".utf8 + name.bytes)
      _ = folder.appending(name.bytes).withCString { unlink($0) }
      _ = folder.withCString { rmdir($0) }
    }
  }

  /// Sets both names' times to the same value.
  private func age(_ name: String) {
    var times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, folder.path + "/" + name, &times, 0) == 0)
  }

  @Test(arguments: [0.2, 3_600])
  func `another file of the same size and time is noticed, by scanning and by events`(
    _ rescan: Double
  ) throws {
    try folder.file("a", "1")
    try folder.file(".b", "2")
    for name in ["a", ".b"] { age(name) }
    let watch = Watch(folder.path, rescan: rescan)
    #expect(watch.finds(["a"]))
    #expect(rename(folder.path + "/.b", folder.path + "/a") == 0)
    #expect(eventually { watch.names.count >= 2 })
    #expect(Set(watch.names) == ["a"])
  }

  @Test func `a change of permissions is noticed once`() throws {
    for index in 0..<100 { try folder.file("f\(index)", "1") }
    let watch = Watch(folder.path)
    #expect(eventually { watch.names.count == 100 })
    for index in 0..<100 { chmod(folder.path + "/f\(index)", 0o600) }
    #expect(eventually { watch.names.count == 200 })
    usleep(700_000)
    #expect(watch.names.count == 200)
  }

  @Test func `a missing folder is reported once, and found when it appears`() throws {
    let watch = Watch(folder.path + "/later")
    #expect(eventually { !watch.complaints.isEmpty })
    try folder.folder("later")
    try folder.file("later/a", "1")
    #expect(watch.finds(["a"]))
    #expect(watch.complaints.count == 1)
  }

  @Test func `ten thousand files at once are all found, although the event queue overflows`() throws
  {
    let watch = Watch(folder.path, rescan: 3_600)
    usleep(200_000)
    // Two events per file, more than the 16,384 that the kernel keeps; folders appear and move meanwhile.
    for group in 0..<20 {
      try folder.folder("g\(group)")
      for index in 0..<500 { try folder.file("g\(group)/i\(group)-\(index)", "x") }
      if group % 3 == 0 {
        #expect(rename(folder.path + "/g\(group)", folder.path + "/moved\(group)") == 0)
      }
    }
    let expected = Set((0..<20).flatMap { group in (0..<500).map { "i\(group)-\($0)" } })
    #expect(eventually(within: 60) { Set(watch.names) == expected })
  }

  @Test func `a folder that can't be read is reported, and its files wait`() throws {
    // Root may read everything.
    guard getuid() != 0 else { return print("SKIPPED as root: a folder without read permission") }
    try folder.folder("locked")
    try folder.file("locked/a", "1")
    try folder.file("b", "1")
    chmod(folder.path + "/locked", 0)
    let watch = Watch(folder.path)
    #expect(watch.finds(["b"]))
    #expect(eventually { watch.complaints.contains { $0.contains("can't be read") } })
    chmod(folder.path + "/locked", 0o755)
    #expect(watch.finds(["a", "b"]))
  }

  @Test func `nothing is taken while the watcher must wait, everything afterwards`() throws {
    final class Gate: Sendable { let open = Atomic(false) }
    let gate = Gate()
    try folder.file("a", "1")
    let watch = Watch(folder.path, mayTake: { gate.open.load(ordering: .relaxed) })
    usleep(400_000)
    #expect(watch.names.isEmpty)
    gate.open.store(true, ordering: .relaxed)
    #expect(watch.finds(["a"]))
  }
}
