import Core
import Features
import Intake
import Store

extension Pipeline {
  /// Answers one request of radiologynetctl.
  func control(_ request: JSON, _ answer: BlockingQueue<JSON>) {
    do {
      switch request["command"]?.string {
      case "status":
        answer.post(try status())
      case "recluster":
        let dryRun = request["dry_run"]?.bool ?? false
        if let reason = try startRecluster(.init(reason: "manual", dryRun: dryRun)) {
          answer.post(["ok": false, "error": .string(reason)])
        } else if request["wait"]?.bool == true {
          reclusterWaiters.append(answer)
        } else {
          answer.post(["ok": true, "started": true])
        }
      case "activate":
        let hash = request["bundle"]?.string ?? ""
        answer.post(["ok": true, "bundle": .string(hash), "effect": .string(try activate(hash))])
      case "retry":
        let key = request["file_key"]?.string ?? ""
        let released = try store.transaction { try store.releaseQuarantined(key) }
        if released { stage.forget(pathKey: key) }
        answer.post(
          released
            ? ["ok": true] : ["ok": false, "error": "no file with this key is in quarantine"])
      case let other:
        answer.post(["ok": false, "error": .string("unknown command \(other ?? "(none)")")])
      }
    } catch let error where error is FeatureError || error is FileError {
      answer.post(["ok": false, "error": .string("\(error)")])
    } catch {
      answer.post(["ok": false, "error": .string("\(error)")])
      fail(error)
    }
  }

  private func status() throws -> JSON {
    let running = counters.started.duration(to: .now) / .seconds(1)
    return [
      "ok": true, "version": .string(softwareVersion), "uptime": .figure(running),
      "generation": annotator.map { .int($0.generation.number) } ?? .null,
      "bundle": .optional(annotator?.encoder.bundle.hash), "units": .int(try store.unitCount()),
      "units_since_promotion": .int(unitsSincePromotion), "files": .int(counters.files),
      "files_per_second": .figure(Double(counters.files) / max(running, 1e-3)),
      "queued_files": .int(outstanding.count), "open_studies": .int(desk.assembler.count),
      "held_studies": .int(desk.held.count), "waiting_reports": .int(desk.waitingReports),
      "job": .optional(job?.name), "last_problem": .optional(counters.lastProblem),
    ]
  }
}
