import Core
import Foundation
import Glibc

/// Metrics in Prometheus's text exposition format, version 0.0.4.
struct PrometheusText {
  private(set) var text = ""

  init(_ board: VitalsBoard) {
    let vitals = board.current
    gauge("build_info", "Version of the software.", 1, labels: "version=\"\(softwareVersion)\"")
    counter("files", "Files that were read.", vitals.files)
    head("radiologynet_quarantined_total", "counter", "Files that could not be used.")
    for code in Rejection.Code.allCases {
      line(
        "radiologynet_quarantined_total", Double(vitals.quarantined[code] ?? 0),
        labels: "reason=\"\(code.rawValue)\"")
    }
    counter("annotated_units", "Units that were annotated.", vitals.units)
    counter("problems", "Warnings of the daemon.", vitals.problems)
    gauge("queued_files", "Files that wait to be decoded.", vitals.queuedFiles)
    gauge("open_studies", "Studies that may still get files.", vitals.openStudies)
    gauge("held_studies", "Complete studies that wait for the first models.", vitals.heldStudies)
    gauge("waiting_reports", "Reports that wait for their study.", vitals.waitingReports)
    head(
      "radiologynet_waiting", "gauge",
      "Items that wait: reports for a study, studies for models, files for their writer.")
    for (kind, count, _) in vitals.waiting {
      line("radiologynet_waiting", Double(count), labels: "kind=\"\(kind)\"")
    }
    head("radiologynet_waiting_oldest_seconds", "gauge", "How long the oldest item has waited.")
    for (kind, _, oldest) in vitals.waiting {
      line("radiologynet_waiting_oldest_seconds", oldest.rounded(), labels: "kind=\"\(kind)\"")
    }
    gauge("generation", "Clustering in force; 0 before the first.", vitals.generation ?? 0)
    gauge("last_event", "Sequence number of the newest event.", vitals.lastSequence)
    gauge("intake_paused", "1 while intake waits for disk space.", vitals.isPaused ? 1 : 0)
    gauge("drift_raised", "1 when the newest window was raised.", vitals.drift.isRaised ? 1 : 0)
    gauge("drift_alarm", "1 when the newest window was an alarm.", vitals.drift.isAlarm ? 1 : 0)
    tests("drift_statistic", "Statistics of the newest drift window.", vitals.drift) { $0.value }
    tests(
      "drift_limit", "What 1 % of windows without drift exceed.", vitals.drift
    ) { $0.limit }
    if let last = vitals.lastFile {
      sample("radiologynet_last_file_timestamp_seconds", "gauge", "When the last file came.", last)
    }
    if let pause = vitals.longestPause {
      sample(
        "radiologynet_longest_pause_seconds", "gauge",
        "Longest pause between files of the past four weeks.", pause)
    }
    gauge(
      "job_running", "1 while a training, a recluster or a change of models runs.",
      vitals.job == nil ? 0 : 1)
    gauge("free_bytes", "Free disk space at the state folder.", Int(clamping: vitals.freeBytes))
    gauge(
      "healthy", "0 while something keeps the daemon from its work.",
      board.healthIssues.isEmpty ? 1 : 0)
    head(
      "radiologynet_last_success_age_seconds", "gauge",
      "Seconds since a part of the service last succeeded.")
    for (part, seconds) in board.pulse.ages() {
      line(
        "radiologynet_last_success_age_seconds", seconds, labels: "part=\"\(part.rawValue)\"")
    }
    histogram(
      "annotation_lag_seconds",
      "Seconds from a study's completion to its annotation.", vitals.lag)
    sample(
      "radiologynet_start_time_seconds", "gauge", "Start of the process.",
      board.started.timeIntervalSince1970)
    if let bytes = Self.residentBytes {
      sample("radiologynet_resident_memory_bytes", "gauge", "Memory in use.", Double(bytes))
    }
  }

  private mutating func tests(
    _ name: String, _ help: String, _ drift: DriftVerdict,
    _ value: ((scope: String, test: String, value: Double, limit: Double)) -> Double
  ) {
    guard !drift.tests.isEmpty else { return }
    let name = "radiologynet_" + name
    head(name, "gauge", help)
    for test in drift.tests {
      line(name, value(test), labels: "scope=\"\(test.scope)\",test=\"\(test.test)\"")
    }
  }

  private mutating func gauge(_ name: String, _ help: String, _ value: Int, labels: String = "") {
    sample("radiologynet_" + name, "gauge", help, Double(value), labels: labels)
  }

  private mutating func counter(_ name: String, _ help: String, _ value: Int) {
    sample("radiologynet_\(name)_total", "counter", help, Double(value))
  }

  private mutating func sample(
    _ name: String, _ type: String, _ help: String, _ value: Double, labels: String = ""
  ) {
    head(name, type, help)
    line(name, value, labels: labels)
  }

  private mutating func line(_ name: String, _ value: Double, labels: String) {
    text += name + (labels.isEmpty ? "" : "{\(labels)}") + " \(Self.number(value))\n"
  }

  private mutating func head(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  private mutating func histogram(_ name: String, _ help: String, _ lag: Vitals.Lag) {
    let name = "radiologynet_" + name
    head(name, "histogram", help)
    var count = 0
    for (bound, own) in zip(Vitals.Lag.bounds.map { Self.number($0) } + ["+Inf"], lag.counts) {
      count += own
      text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
    }
    text += "\(name)_sum \(Self.number(lag.sum))\n\(name)_count \(count)\n"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  private static var residentBytes: Int? {
    let fields = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
      separator: " ")
    return fields.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * Int(getpagesize()) }
  }
}
