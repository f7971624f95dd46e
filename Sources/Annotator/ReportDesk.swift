import Core
import Intake

/// Report files that came before their study. Only their paths are remembered; the texts are read when the
/// study is there.
struct ReportDesk {
  private var waiting: [String: [FileStamp]] = [:]
  private(set) var count = 0

  /// - Parameter keys: under which the study may ask: its own key and its accession number's.
  mutating func wait(_ stamp: FileStamp, keys: [String]) {
    count += 1
    for key in keys { waiting[key, default: []].append(stamp) }
  }

  /// The reports for a study, each once.
  mutating func collect(studyKey: String, accessionKey: String?) -> [FileStamp] {
    guard !waiting.isEmpty else { return [] }
    let found =
      (waiting.removeValue(forKey: studyKey) ?? [])
      + (accessionKey.flatMap { waiting.removeValue(forKey: $0) } ?? [])
    let distinct = Set(found)
    guard !distinct.isEmpty else { return [] }
    for (key, stamps) in waiting where stamps.contains(where: distinct.contains) {
      waiting[key] = stamps.filter { !distinct.contains($0) }
    }
    count -= distinct.count
    return distinct.sorted { $0.path < $1.path }
  }
}
