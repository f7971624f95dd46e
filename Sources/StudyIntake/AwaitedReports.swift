import Core
import Intake

/// Report files whose studies are not all there. Only their paths are remembered; the texts are read when a study
/// comes.
package struct AwaitedReports {
  private var files: [FilePath: (stamp: FileStamp, keys: [String])] = [:]
  private var paths: [String: Set<FilePath>] = [:]

  package var count: Int { files.count }

  /// - Parameter keys: under which a study may ask: its own key and its accession number's. None: the file waits no
  ///   longer.
  package mutating func remember(_ stamp: FileStamp, keys: [String]) {
    for key in files.removeValue(forKey: stamp.path)?.keys ?? [] {
      paths[key]?.remove(stamp.path)
      if paths[key]?.isEmpty == true { paths[key] = nil }
    }
    guard !keys.isEmpty else { return }
    files[stamp.path] = (stamp, keys)
    for key in keys { paths[key, default: []].insert(stamp.path) }
  }

  /// The files that speak of a study, in the order of their paths.
  package func files(studyKey: String, accessionKey: String?) -> [FileStamp] {
    let keys = [studyKey, accessionKey].compactMap { $0 }
    let found = keys.reduce(into: Set<FilePath>()) { $0.formUnion(paths[$1] ?? []) }
    return found.sorted().compactMap { files[$0]?.stamp }
  }
}
