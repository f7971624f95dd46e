import Core
import Foundation
import Store

// Checks of bundles, store, log and the daemon itself.
extension Diagnosis {
  mutating func checkBundles() {
    do {
      let folders = try BundleFolder.all(configuration)
      for folder in folders {
        if let problem = folder.consentProblem(configuration) {
          warn(
            "bundle", "\(problem)",
            remedy: "radiologynetctl bundle approve \(folder.hash), as root, or remove the bundle")
        }
        let problems = folder.problems()
        guard !problems.isEmpty else { continue }
        fail(
          "bundle", "\(folder.hash): \(problems.joined(separator: "; "))",
          remedy: "restore it from a backup, or train new ones")
      }
      good("bundles", "\(folders.count) read and compared with their hashes")
      if let named = try configuration.state.namedBundle(),
        !folders.contains(where: { $0.hash == named.description })
      {
        fail(
          "bundle", "\(configuration.state.activeBundle) names \(named), which isn't there",
          remedy: "restore it from a backup, or radiologynetctl bundle activate another one")
      }
    } catch let error as FileError where error.path == configuration.state.activeBundle {
      fail(
        "bundle", "\(error)",
        remedy: "radiologynetctl bundle activate HASH, then start radiologynetd"
      )
    } catch {
      fail("bundles", "\(error)", remedy: "restore them from a backup, or train new ones")
    }
  }

  mutating func checkStore(quick: Bool) {
    let path = configuration.state.store
    guard FileManager.default.fileExists(atPath: path) else {
      return warn("store", "it does not exist yet", remedy: "systemctl start radiologynetd")
    }
    do {
      let store = try StoreLocation(path: path).open(readOnly: true)
      if !quick, let damage = try store.damage() {
        fail("store", damage, remedy: "stop radiologynetd and restore \(path) from a backup")
      }
      let last = try store.lastSequence()
      let events = try store.eventCounts().values.reduce(0, +)
      if events == last {
        good("store", "\(last) events without a gap, \(try store.unitCount()) units")
      } else {
        fail(
          "store", "\(events) events, numbered up to \(last)", remedy: "restore it from a backup")
      }
      if let bundle = try store.generations().first?.bundle,
        !FileManager.default.fileExists(
          atPath: "\(configuration.state.bundles)/\(bundle)/manifest.json")
      {
        fail(
          "bundle", "\(bundle), which the generation in force needs, isn't there",
          remedy:
            "restore \(configuration.state.bundles)/\(bundle) from a backup before radiologynetd is restarted"
        )
      }
      if let newest = try store.lines(after: last - 1, limit: 1).last,
        let time = try JSON(parsing: newest.line)["time"]?.string, time > timestamp()
      {
        warn(
          "clock", "the last event is of \(time), which is yet to come: the clock was set back",
          remedy: "nothing for the log, whose order is that of seq; set the clock right")
      }
      if !quick { checkLog(against: store, last: last) }
      let quarantined = try store.quarantined().count
      if quarantined > 0 {
        warn("quarantine", "\(quarantined) files", remedy: "radiologynetctl quarantine")
      }
    } catch {
      let remedy = (error as? StoreError)?.remedy
      fail("store", "\(error)", remedy: remedy ?? "look at owner and mode of \(path)")
    }
  }

  private mutating func checkLog(against store: any Store, last: Int) {
    do { try compareLog(with: store, last: last) } catch let error as StoreError {
      fail("store", "\(error)", remedy: error.remedy ?? remedy)
    } catch {
      fail(
        "log", "\(error)",
        remedy:
          "make its folder and let the service's user write there; radiologynetd writes what is missing from the store"
      )
    }
  }

  /// Compares every line of the log and its readable parts with the store's event of the same number. The log
  /// begins with the first event, unless older parts are compressed or gone.
  private mutating func compareLog(with store: any Store, last: Int) throws {
    let parts = LogParts(of: configuration.state.log)
    var expected: [(sequence: Int, line: String)] = []
    var (count, previous) = (0, 0)
    for path in parts.readable.map(\.path) + [configuration.state.log] {
      var reader = try LogReader(path: path)
      while case let lines = try reader.newLines(), !lines.isEmpty {
        for line in lines {
          guard let sequence = try? JSON(parsing: line)["seq"]?.int else {
            return fail("log", "line \(count + 1) is no event", remedy: remedy)
          }
          if previous == 0, !parts.readable.isEmpty || !parts.compressed.isEmpty {
            previous = sequence - 1
          }
          guard sequence == previous + 1 else {
            return fail(
              "log",
              previous == 0
                ? "it begins with event \(sequence), and no rotated part is beside it"
                : "event \(sequence) follows event \(previous)", remedy: remedy)
          }
          if expected.isEmpty {
            expected = try store.lines(after: previous, limit: 1_000).reversed()
          }
          guard let event = expected.popLast(), event.line == line else {
            return fail("log", "event \(sequence) is not as in the store", remedy: remedy)
          }
          previous = sequence
          count += 1
        }
      }
    }
    guard count > 0 || last == 0 || !parts.compressed.isEmpty else {
      return warn(
        "log",
        "it is empty, and no rotated part is beside it: its \(last) lines are in a file elsewhere, or gone",
        remedy: remedy)
    }
    // Lines that the daemon has yet to write are no disagreement.
    good(
      "log",
      "\(count) lines agree with the store" + (previous < last ? ", up to event \(previous)" : ""))
  }

  private var remedy: String {
    "the store has every line: sqlite3 -readonly \(configuration.state.store) 'SELECT line FROM event ORDER BY sequence' > FILE. "
      + "To start over, stop radiologynetd, put FILE in the place of \(configuration.state.log), with owner and mode as it has "
      + "them, and move its rotated parts away"
  }

  mutating func checkDaemon() {
    do {
      let status = try ControlSocket.ask(
        configuration.state.socket, ["version": .int(ControlSocket.version), "command": "status"]
      ).checked()
      let version = status["version"]?.string ?? "?"
      if version == softwareVersion {
        good("daemon", "runs, version \(version)")
      } else {
        warn(
          "daemon", "version \(version) runs, \(softwareVersion) is installed",
          remedy: "systemctl restart radiologynetd")
      }
      for issue in status["ailments"]?.array?.compactMap(\.string) ?? [] {
        fail("daemon", "unhealthy: \(issue)", remedy: "journalctl -u radiologynetd says why")
      }
      if let problem = status["last_problem"]?.string,
        let time = status["last_problem_time"]?.string
      {
        good("daemon", "its last problem was at \(time): \(problem)")
      }
    } catch {
      warn(
        "daemon", "\(error)", remedy: "systemctl start radiologynetd; journalctl -u radiologynetd")
    }
  }
}
