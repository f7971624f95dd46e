import Core
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

/// A site for one test: input folder, configuration, state, and the executables that a user would run.
final class Site: Sendable {
  let folder: TemporaryFolder
  let daemon = Tool("radiologynetd")
  let ctl = Tool("radiologynetctl")
  private let started = Mutex<[Process]>([])
  var input: String { folder.path + "/export" }
  var log: String { folder.path + "/log/annotations.jsonl" }
  var store: String { folder.path + "/state/radiologynet.sqlite" }
  var configuration: String { folder.path + "/radiologynet.toml" }

  /// - Parameters:
  ///   - input: another folder to read, which is not written to.
  ///   - top: TOML with top-level keys.
  ///   - privacy: TOML for the section `privacy`.
  ///   - more: TOML with further keys of `clustering`, then sections.
  init(
    input: String? = nil, quiet: Double = 0.3, bootstrap: Int = 500, k: Int = 8, top: String = "",
    privacy: String = "", more: String = ""
  )
    throws
  {
    folder = try TemporaryFolder()
    try folder.folder("export")
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().path
    try folder.file(
      "radiologynet.toml",
      """
      body_parts = "\(root)/config/body-parts.toml"
      \(top)
      [intake]
      input = "\(input ?? folder.path + "/export")"
      quiet = \(quiet)
      rescan = 0.5
      settle = 0.1
      min_free_mb = 1
      [state]
      directory = "\(folder.path)/state"
      log = "\(folder.path)/log/annotations.jsonl"
      socket = "\(folder.path)/run/control.sock"
      [privacy]
      site_key = ""
      \(privacy)
      [bootstrap]
      studies = \(bootstrap)
      [clustering]
      k = \(k)
      seeds = 2
      \(more)
      """)
  }

  func simulate(_ studies: Int, first: Int = 0, size: Int = 64) throws {
    let output = try ctl.run(
      ["simulate", input, "--studies", "\(studies)", "--first", "\(first)", "--size", "\(size)"])
    #expect(output.code == 0, "\(output.errors)")
  }

  @discardableResult
  func once(_ code: Int32 = 0, environment: [String: String] = [:]) throws -> String {
    let output = try daemon.run(
      ["--config", configuration, "--once"], environment: environment)
    #expect(output.code == code, "\(output.errors)")
    return output.errors
  }

  /// A daemon that still runs would write into the folder after it was removed.
  deinit {
    for process in started.withLock({ $0 }) where process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  /// - Parameter mask: umask for new files; the test's own by default.
  func start(mask: String? = nil) throws -> Process {
    let words = ["--config", configuration]
    let shell = mask.map { ["-c", "umask \($0); exec \"$@\"", "sh", daemon.path] }
    let process = try (shell == nil ? daemon : Tool("/bin/sh")).start(
      (shell ?? []) + words, errors: folder.path + "/daemon-\(UUID().uuidString).log")
    started.withLock { $0.append(process) }
    return process
  }

  /// Starts the daemon and waits until it answers.
  func serve() throws -> Process {
    let daemon = try start()
    let socket = folder.path + "/run/control.sock"
    #expect(
      eventually {
        FileManager.default.fileExists(atPath: socket)
          && (try? control(["status"]).contains("running")) == true
      })
    return daemon
  }

  func control(_ arguments: [String], code: Int32 = 0) throws -> String {
    let output = try ctl.run(["--config", configuration] + arguments)
    #expect(output.code == code, "\(arguments): \(output.errors)")
    return output.code == 0 ? output.output : output.errors
  }

  /// The log's lines, parsed.
  func events() throws -> [JSON] {
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map {
      try JSON(parsing: $0)
    }
  }

  func events(_ type: String) throws -> [JSON] {
    try events().filter { $0["type"]?.string == type }
  }

  /// Number of first annotations so far.
  var annotated: Int { (try? events("annotation").count) ?? 0 }

  /// What must always hold: no gaps, no duplicates, and the log equals the store.
  func checkConsistency() throws {
    let events = try events()
    #expect(events.map { $0["seq"]?.int } == Array(1...events.count).map { $0 })
    let first = events.filter { $0["type"]?.string == "annotation" }.compactMap {
      $0["unit_key"]?.string
    }
    #expect(Set(first).count == first.count, "a unit was annotated twice")
    let stored = try SQLiteStore(path: store, readOnly: true).lines(after: 0, limit: 1_000_000).map(
      \.line)
    let written = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(stored == written)
  }

  /// All files that the product wrote.
  func outputs() throws -> [(name: String, data: Data)] {
    let names =
      FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return names.filter { !$0.hasPrefix("export") }.compactMap { name in
      FileManager.default.contents(atPath: folder.path + "/" + name).map { (name, $0) }
    }
  }
}

extension Trait where Self == TimeLimitTrait {
  /// Ends a test that hangs. A test's clock runs while it waits for a thread of the pool, so the limit has to cover
  /// all tests that run before it on a slow machine.
  static var endsHang: Self { .timeLimit(.minutes(25)) }
}
