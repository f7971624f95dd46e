import Core
import Intake

/// Report files that came before their study. Only their paths are remembered; the texts are read when the
/// study is there.
struct ReportDesk {
  private struct Waiting {
    var stamp: FileStamp
    /// Every key that it waits under.
    var keys: [String]
  }

  private var waiting: [String: [Waiting]] = [:]
  private(set) var count = 0

  /// - Parameter keys: under which the study may ask: its own key and its accession number's.
  mutating func wait(_ stamp: FileStamp, keys: [String]) {
    withdraw(stamp.path)
    count += 1
    for key in keys { waiting[key, default: []].append(Waiting(stamp: stamp, keys: keys)) }
  }

  /// Forgets what came under a path before.
  private mutating func withdraw(_ path: FilePath) {
    let known = waiting.values.lazy.flatMap { $0 }.first { $0.stamp.path == path }
    guard let known else { return }
    count -= 1
    for key in known.keys {
      waiting[key]?.removeAll { $0.stamp.path == path }
      if waiting[key]?.isEmpty == true { waiting[key] = nil }
    }
  }

  /// The reports for a study, each once.
  mutating func collect(studyKey: String, accessionKey: String?) -> [FileStamp] {
    let found = [studyKey, accessionKey].compactMap { $0 }.flatMap { waiting[$0] ?? [] }
    guard !found.isEmpty else { return [] }
    let distinct = Set(found.map(\.stamp))
    for key in Set(found.flatMap(\.keys)) {
      waiting[key]?.removeAll { distinct.contains($0.stamp) }
      if waiting[key]?.isEmpty == true { waiting[key] = nil }
    }
    count -= distinct.count
    return distinct.sorted { $0.path < $1.path }
  }
}
