import Clustering
import Core
import Embeddings
import Features
import Reclustering
import Store

extension Pipeline {
  /// Judges the next window of new units once it is full.
  func startDriftIfDue() throws {
    let size = configuration.drift.window
    guard jobs.current == nil, let annotator, progress.isWindowDue else { return }
    let generation = annotator.generation
    try store.transaction {
      guard try !store.referenceWindow(generation: generation.number).isFrozen else { return }
      try store.freezeReference(
        generation: generation.number, bundle: generation.bundle,
        limit: configuration.drift.reference, window: size)
    }
    let window = try store.driftWindows(generation: generation.number).count
    let offset = try store.referenceWindow(generation: generation.number).units
    progress.windows.set(next: offset + (window + 1) * size)
    guard progress.isWindowDue else { return }
    let monitor = DriftMonitor(
      configuration: configuration, generation: generation, window: window)
    let mailbox = mailbox
    let job = BackgroundJob("drift")
    jobs.current = job
    job.start {
      mailbox.post(.judged(Result { try monitor.judge { job.isCancelled } }))
    }
  }

  private static func mostly(_ finding: DriftMonitor.Finding) -> String {
    finding.blocks.isEmpty
      ? "" : ", mostly in \(finding.blocks.map(\.name).joined(separator: ", "))"
  }

  /// Saves and reports the result for a window.
  func judged(_ result: Result<DriftMonitor.Finding?, any Error>) throws {
    jobs.current = nil
    let finding: DriftMonitor.Finding
    switch result {
    case .success(let judged?): finding = judged
    case .success(nil): return
    case .failure(let error):
      progress.windows.postpone(progress.units)
      return warn("drift can't be judged: \(error); tried again later")
    }
    // A promotion may have happened in between.
    guard finding.generation == annotator?.generation.number else { return }
    let windows = try store.driftWindows(generation: finding.generation)
    guard windows.count == finding.window else { return }
    let isAlarm = DriftReport.isAlarm(windows.map(\.isRaised) + [finding.isRaised])
    var event = Event(.drift, [:])
    event.fields = finding.fields + [("alarm", .bool(isAlarm))]
    let time = timestamp()
    try store.transaction {
      try store.save(
        DriftRecord(
          generation: finding.generation, window: finding.window, time: time,
          isRaised: finding.isRaised, isAlarm: isAlarm, report: JSON.object(event.fields).encoded))
      try store.append(event, time: time)
    }
    progress.windows.advance()
    guard isAlarm else {
      if finding.isRaised {
        Log.info(
          "drift: window \(finding.window) of generation \(finding.generation) is raised"
            + Self.mostly(finding) + "; a second raised window of three is an alarm")
      }
      return
    }
    warn(
      "drift: the archive has changed since the promotion of generation \(finding.generation)"
        + Self.mostly(finding)
        + "; radiologynetctl drift shows details")
    // Don't replace a fit that is pending approval without its reviewer's knowledge.
    if configuration.drift.reclusters, try store.pendingApproval() == nil {
      if let reason = try startRecluster(.init(trigger: .drift)) { Log.info(reason) }
    }
  }
}
