import Core
import Foundation

/// A synthetic PACS export: many modalities and body parts, reports in three forms, gaps in the tags. The same seed
/// writes the same studies.
package struct Simulator {
  package struct Parameters: Sendable {
    package var folder: String
    package var studies = 100
    /// Number of the first study, to continue an earlier export.
    package var first = 0
    /// Studies per minute; 0 writes as fast as it can.
    package var rate = 0.0
    /// Rows and columns of the images.
    package var size = 512
    /// Slices of a CT or MR series; 0 for 3 to 7.
    package var slices = 0
    package var seed: UInt64 = 1
    /// Share of the images into which the patient's name or a date is written. Where, is told in a file beside the
    /// folder, `FOLDER.burned-in.jsonl`. XA has none.
    package var burnedIn = 0.0

    package init(folder: String) { self.folder = folder }
  }

  package struct Summary: Sendable {
    package var studies = 0
    package var files = 0
    package var reports = 0
    package var bytes = 0
  }

  private let parameters: Parameters

  package init(_ parameters: Parameters) { self.parameters = parameters }

  /// - Parameter progress: called after each study.
  /// - Throws: `FileError` when the folder can't be written.
  package func run(progress: (Summary) -> Void) throws -> Summary {
    var summary = Summary()
    // It contains no real patient, and a service under another user has to read it.
    let output = try OutputFolder(parameters.folder, .simulation, isPublic: true, apartFrom: nil)
    try output.withFolder("REPORTS") { _ in }
    let start = ContinuousClock.now
    var truth: [JSON] = []
    for number in parameters.first..<parameters.first + parameters.studies {
      let plan = StudyPlan(number: number, seed: parameters.seed)
      var writer = StudyWriter(
        side: parameters.size, slices: parameters.slices, burnedIn: parameters.burnedIn,
        output: output,
        folder: "\(plan.date)/ST\(number)")
      try writer.write(plan)
      truth += writer.truth
      summary.files += writer.files
      summary.bytes += writer.bytesWritten
      if let name = reportName(plan) {
        var generator = plan.generator
        let text = ReportText.make(plan.modality, plan.part, &generator)
        try output.write(Data(text.utf8), "REPORTS/\(name).txt")
        summary.reports += 1
      }
      summary.studies += 1
      progress(summary)
      if parameters.rate > 0 {
        let due = start + .seconds(60 * Double(summary.studies) / parameters.rate)
        let wait = ContinuousClock.now.duration(to: due) / .seconds(1)
        if wait > 0 { Thread.sleep(forTimeInterval: wait) }
      }
    }
    if parameters.burnedIn > 0 {
      try writeAtomically(
        Data(truth.map { $0.encoded + "\n" }.joined().utf8),
        to: parameters.folder + ".burned-in.jsonl")
    }
    return summary
  }

  private func reportName(_ plan: StudyPlan) -> String? {
    switch plan.report {
    case .byStudy: plan.studyUID
    case .byAccession: plan.accession
    case .none, .structured: nil
    }
  }
}
