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
      throw CommandError("there is no generation yet: radiologynetd opens the first one", .data)
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
