import Core
import Foundation
import Store

extension Command {
  static let drift = Command(
    name: "drift", summary: "whether new studies still look like those the clusters were fitted on",
    usage: "drift [--all]",
    details: """
      Shows every judged window of the generation in force: which tests were raised, in which block, and which
      clusters and tags moved most. Two raised windows of three are an alarm. docs/drift.md says what to do then.

        --all  of all generations
      """, examples: ["drift", "--json drift --all"]
  ) { invocation in
    _ = try invocation.words(atMost: 0, flags: ["--all"])
    let configuration = try invocation.configuration()
    let store = try configuration.state.storeLocation.open(readOnly: true)
    guard let generation = try store.generations().first?.number else {
      throw CommandError("there is no generation yet", .noInput)
    }
    let windows = try store.driftWindows(
      generation: invocation.has("--all") ? nil : generation)
    for window in windows {
      let report = try JSON(parsing: window.report)
      if invocation.json, case .object(let fields) = report {
        print(JSON.object([("time", .string(window.time))] + fields).encoded)
      } else {
        print(DriftText.lines(window, report))
      }
    }
    guard !invocation.json else { return }
    let size = configuration.drift.window
    let waiting = try store.windowSizes(generation: generation).values.reduce(0, +)
    let reference = try store.referenceWindow(generation: generation)
    let open = max(
      0, waiting - reference.units - windows.count { $0.generation == generation } * size)
    if size == 0 {
      print("drift is not watched: drift.window is 0")
    } else if !reference.isFrozen {
      print(
        "generation \(generation): collecting a reference: \(min(waiting, size)) of \(size) units that the models were "
          + "not trained on")
    } else {
      print("generation \(generation): \(open) of \(size) units of the next window are there")
    }
  }
}

/// A judged window as text.
private enum DriftText {
  static func lines(_ window: DriftRecord, _ report: JSON) -> String {
    let state = window.isAlarm ? "ALARM" : window.isRaised ? "raised" : "quiet"
    let blocks = report["blocks"]?.array?.compactMap(\.string) ?? []
    let head =
      "generation \(window.generation), window \(window.window)  \(window.time)  \(state)"
      + (blocks.isEmpty ? "" : ": \(blocks.joined(separator: ", "))")
    let tests = (report["tests"]?.array ?? []).filter { $0["raised"]?.bool == true }.map { test in
      "  \((test["scope"]?.string ?? "").padding(to: 6)) \((test["test"]?.string ?? "").padding(to: 12))"
        + "\(number(test["value"]))  (99 % of windows without drift: at most \(number(test["limit"])))"
    }
    let clusters = report["clusters"]?.array?.compactMap(\.string) ?? []
    let moved =
      clusters.isEmpty ? [] : ["  clusters that moved most: \(clusters.joined(separator: ", "))"]
    let tags = (report["tags"]?.array ?? []).map { tag in
      "  tag \(tag["tag"]?.string ?? "") = \(tag["value"]?.string ?? "(absent)"): "
        + "\(percent(tag["before"])) before, \(percent(tag["after"])) now"
    }
    return ([head] + tests + moved + tags).joined(separator: "\n")
  }

  private static func number(_ json: JSON?) -> String {
    String(format: "%.4f", json?.double ?? .nan)
  }

  private static func percent(_ json: JSON?) -> String {
    String(format: "%.1f %%", 100 * (json?.double ?? .nan))
  }
}
