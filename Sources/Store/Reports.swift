import Core

/// Term counts of reports; their texts are not kept.
package protocol Reports: AnyObject {
  /// Saves a report, replacing one with the same key.
  ///
  /// - Parameters:
  ///   - terms: counts by index of the bundle's vocabulary.
  ///   - counts: whether it is in force, that is, no other report of the study replaces it.
  func saveReport(
    _ reportKey: String, studyKey: String, bundle: String, terms: [Int: Int],
    version: ReportVersion, counts: Bool
  ) throws

  /// Records that a report file found a study by an accession number.
  func saveDelivery(accessionKey: String, pathKey: String) throws

  /// Marks a report as replaced by another one.
  func replaceReport(_ reportKey: String) throws

  /// The versions of a study's reports under a bundle, by report key.
  func reportVersions(ofStudy studyKey: String, bundle: String) throws
    -> [String: ReportVersion]

  /// Term counts of the study's reports in force under a bundle, by report key.
  func reports(ofStudy studyKey: String, bundle: String) throws -> [String: [Int: Int]]
}
