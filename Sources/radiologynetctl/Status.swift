import Core
import Foundation
import Store

extension Command {
  static let status = Command(
    name: "status", summary: "what the daemon does and what the store holds", usage: "status",
    details: """
      Asks the running daemon; while it is down, shows what the store holds. Exit code 69 when there is
      neither.
      """, examples: ["status", "--json status"]
  ) { invocation in
    _ = try invocation.words(atMost: 0)
    let configuration = try invocation.configuration()
    let live = try? ControlSocket.ask(
      configuration.state.socket, ["version": .int(ControlSocket.version), "command": "status"]
    ).checked()
    let store: any Store
    do { store = try configuration.state.storeLocation.open(readOnly: true) } catch {
      // Before the first store exists, or while an older one is migrated.
      if let live {
        let nothing = JSON.object([("daemon", live), ("store", .null)])
        return print(invocation.json ? nothing.encoded : text(live, .null, configuration))
      }
      throw CommandError(
        "radiologynetd is not running, and its store can't be read: \(error)", .unavailable)
    }
    let generation = try store.generations().first
    let (now, waiting) = (secondsSince1970(), try store.waitingSummary())
    let stored: JSON = [
      "units": try live?["units"] ?? .int(store.unitCount()),
      "events": .int(try store.lastSequence()),
      "files": .object(
        try store.fileCounts().sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }),
      "generation": generation.map { .int($0.number) } ?? .null,
      "bundle": .optional(generation?.bundle), "promoted": .optional(generation?.time),
      "held_recluster": .optional(
        try store.pendingApproval().map { "\($0.reason), since \($0.time)" }),
      "waiting": .object(
        WaitingKind.allCases.map { kind in
          let known = waiting[kind]
          return (
            kind.rawValue,
            [
              "count": .int(known?.count ?? 0),
              "oldest": known.map { .string(timestamp(secondsSince1970: $0.oldest)) } ?? .null,
              "oldest_age_seconds": known.map { .int(Int(max(0, now - $0.oldest))) } ?? .null,
            ]
          )
        }),
      "drift": .string(try drift(store, generation?.number)),
    ]
    if invocation.json {
      print(JSON.object([("daemon", live ?? .null), ("store", stored)]).encoded)
    } else {
      print(text(live, stored, configuration))
    }
  }

  /// The newest window of the generation in force, as text.
  private static func drift(_ store: any Store, _ generation: Int?) throws -> String {
    guard let generation, let last = try store.driftWindows(generation: generation).last else {
      return "no window judged yet"
    }
    return "window \(last.window) "
      + (last.isAlarm ? "ALARM: see radiologynetctl drift" : last.isRaised ? "raised" : "quiet")
  }

  /// The trial of the semantic image encoder, as text.
  private static func trial(_ trial: JSON?) -> String {
    if let progress = trial?["running"]?.string { return ", training semantic: \(progress)" }
    guard let last = trial?["last"], let units = last["units"]?.int else { return "" }
    if let error = last["error"]?.string { return ", semantic failed at \(units) units: \(error)" }
    let gain = String(
      format: "%+.3f ± %.3f", last["figures"]?["gain"]?.double ?? 0,
      last["figures"]?["gain_error"]?.double ?? 0)
    if last["activated"]?.bool == false {
      return ", semantic is better by \(gain): bundle activate \(last["bundle"]?.string ?? "")"
    }
    return last["chosen"]?.bool == true
      ? ", chosen at \(units) units: neighbours agree by \(gain) more"
      : ", semantic tried at \(units) units and no better: neighbours agree by \(gain)"
  }

  /// When the last file came, and how long a pause is usual.
  private static func input(_ live: JSON) -> String {
    guard let last = live["last_file"]?.string else { return "no file yet" }
    let pause = live["longest_pause_seconds"]?.int.map {
      let shown = Duration.seconds($0).formatted(
        .units(allowed: [.days, .hours, .minutes], width: .narrow, maximumUnitCount: 2))
      return ", longest pause of four weeks \(shown)"
    }
    return "last file \(last)" + (pause ?? "")
  }

  /// Waiting items, as text.
  private static func waiting(_ kinds: JSON?) -> String {
    let words = [
      ("report", "reports without a study"), ("study", "studies without models"),
      ("file", "files still written"),
    ]
    let parts = words.compactMap { kind, text -> String? in
      guard let count = kinds?[kind]?["count"]?.int, count > 0 else { return nil }
      let age = Duration.seconds(kinds?[kind]?["oldest_age_seconds"]?.int ?? 0)
      let shown = age.formatted(
        .units(allowed: [.days, .hours, .minutes, .seconds], width: .narrow, maximumUnitCount: 2))
      return "\(count) \(text) (oldest \(shown))"
    }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }

  private static func text(_ live: JSON?, _ stored: JSON, _ configuration: Configuration) -> String
  {
    func value(_ json: JSON?) -> String {
      switch json {
      case .string(let text): text
      case .int(let number): String(number)
      case .double(let number): String(format: "%.1f", number)
      default: "-"
      }
    }
    var rows: [(String, String)] = []
    if let live, live["state"]?.string == "starting" {
      rows.append(("daemon", "starting, version \(value(live["version"]))"))
    } else if let live {
      rows += [
        ("daemon", "running, version \(value(live["version"])), up \(value(live["uptime"])) s"),
        (
          "rate",
          "\(value(live["files_per_second"])) files/s, \(value(live["queued_files"])) queued"
        ),
        (
          "studies",
          "\(value(live["open_studies"])) open, \(value(live["held_studies"])) waiting for models, "
            + "\(value(live["waiting_reports"])) reports waiting for their study"
        ),
        ("input", input(live)),
        ("lag", "\(value(live["lag_seconds"])) s from complete to annotated, last"),
        ("disk", "\((live["free_bytes"]?.int ?? 0) >> 20) MiB free for the state"),
        ("job", value(live["job"]) + (live["job_progress"]?.string.map { ": " + $0 } ?? "")),
        ("images by", value(live["image_encoder"]) + trial(live["encoder_trial"])),
        (
          "problems",
          "\(value(live["problems"])) since the start"
            + (live["last_problem"]?.string.map {
              ", the last, \(value(live["last_problem_time"])): \($0)"
            } ?? "")
        ),
      ]
      let issues = live["ailments"]?.array?.compactMap(\.string) ?? []
      if !issues.isEmpty { rows.insert(("UNHEALTHY", issues.joined(separator: "; ")), at: 1) }
    } else {
      rows.append(("daemon", "not running"))
    }
    var files: [String] = []
    if case .object(let members) = stored["files"] ?? .null {
      files = members.map { "\(value($0.value)) \($0.key)" }
    }
    rows += [
      (
        "generation",
        "\(value(stored["generation"])) (bundle \(value(stored["bundle"])), since \(value(stored["promoted"])))"
      ),
      ("held", value(stored["held_recluster"])), ("drift", value(stored["drift"])),
      ("waiting", waiting(stored["waiting"])),
      ("units", value(stored["units"])),
      ("files", files.isEmpty ? "-" : files.joined(separator: ", ")),
      ("events", value(stored["events"])), ("log", configuration.state.log),
    ]
    return rows.map { "\($0.0.padding(to: 14))\($0.1)" }.joined(separator: "\n")
  }
}
