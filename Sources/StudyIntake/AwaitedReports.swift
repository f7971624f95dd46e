import Core
import Intake

/// Report files whose studies haven't all arrived. Only the paths are kept; the text is read when a study arrives.
package struct AwaitedReports {
  private var files: [FilePath: (stamp: FileStamp, keys: [String])] = [:]
  private var paths: [String: Set<FilePath>] = [:]

  package var count: Int { files.count }

  /// - Parameter keys: study keys and accession keys by which a study finds the file. If empty, the file no longer
  ///   waits.
  package mutating func remember(_ stamp: FileStamp, keys: [String]) {
    for key in files.removeValue(forKey: stamp.path)?.keys ?? [] {
      paths[key]?.remove(stamp.path)
      if paths[key]?.isEmpty == true { paths[key] = nil }
    }
    guard !keys.isEmpty else { return }
    files[stamp.path] = (stamp, keys)
    for key in keys { paths[key, default: []].insert(stamp.path) }
  }

  /// The files that name a study, in order of path.
  package func files(studyKey: String, accessionKey: String?) -> [FileStamp] {
    let keys = [studyKey, accessionKey].compactMap { $0 }
    let found = keys.reduce(into: Set<FilePath>()) { $0.formUnion(paths[$1] ?? []) }
    return found.sorted().compactMap { files[$0]?.stamp }
  }
}
