import Core

/// Term counts of reports; their texts are not kept.
package protocol Reports: AnyObject {
  /// Keeps a report; what is known under its key is replaced.
  ///
  /// - Parameter counts: no other report of the study replaces it.
  func saveReport(
    _ reportKey: String, studyKey: String, bundle: String, terms: [Int: Int],
    version: ReportVersion, counts: Bool
  ) throws

  /// Notes that a report file found a study by an accession number.
  func saveDelivery(accessionKey: String, pathKey: String) throws

  /// Notes that a report is replaced by another one.
  func replaceReport(_ reportKey: String) throws

  /// The versions of a study's reports that are kept under a bundle, by report.
  func reportVersions(ofStudy studyKey: String, bundle: String) throws
    -> [String: ReportVersion]

  /// Term counts of the reports of a study that count under a bundle, by report.
  func reports(ofStudy studyKey: String, bundle: String) throws -> [String: [Int: Int]]
}
