import Core
import Embeddings
import Intake
import Store

/// Picks the studies that a report belongs to. Studies of two patients may share an accession number (several
/// issuers, a number used twice); if the report's patient or study UID matches some of them, only those get it.
package struct ReportAddressees {
  /// Studies that get the report, sorted by key.
  package private(set) var studies: [String]
  /// Studies with the same accession number that must not get it. They may have received it before a better match
  /// arrived.
  package private(set) var others: [String] = []

  /// - Parameters:
  ///   - found: every study with one of the report's identifiers.
  ///   - named: keys of the studies that the report names by UID.
  ///   - patients: keys under which the report names its patient.
  ///   - known: keys under which a study's files name its patient.
  package init(
    _ found: [String], named: Set<String>, patients: [PatientKey],
    known: (String) throws -> Set<PatientKey>
  ) rethrows {
    studies = found
    guard found.count > 1 else { return }
    let theirs = try found.map(known)
    // Compares number and issuer first; if no study matches, the number alone.
    for isSame in [{ $0.whole == $1.whole }, { $0.number == $1.number }]
      as [(PatientKey, PatientKey) -> Bool]
    {
      let told = zip(found, theirs).filter { study, theirs in
        named.contains(study)
          || patients.contains { own in theirs.contains { isSame(own, $0) } }
      }.map(\.0)
      guard told.isEmpty else {
        studies = told
        others = found.filter { !told.contains($0) }
        return
      }
    }
  }
}
