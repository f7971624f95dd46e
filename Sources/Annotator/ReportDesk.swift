import Core
import Intake

/// Report files whose studies are not all there. Only their paths are remembered; the texts are read when a study comes.
/// Files that found a study by its accession number are remembered for a while, too: another study may have the same one.
struct ReportDesk {
  private struct File {
    var stamp: FileStamp
    /// Every key that it is found under.
    var keys: [String]
    var isWaiting: Bool
  }

  /// Files that found their study and are still remembered, at most.
  private static let mostDelivered = 50_000

  private var files: [FilePath: File] = [:]
  private var paths: [String: Set<FilePath>] = [:]
  private var delivered: [FilePath] = []
  /// Files that wait.
  private(set) var count = 0

  /// - Parameters:
  ///   - keys: under which a study may ask: its own key and its accession number's.
  ///   - isWaiting: a study that it speaks of is not there yet.
  mutating func remember(_ stamp: FileStamp, keys: [String], isWaiting: Bool) {
    forget(stamp.path)
    files[stamp.path] = File(stamp: stamp, keys: keys, isWaiting: isWaiting)
    for key in keys { paths[key, default: []].insert(stamp.path) }
    if isWaiting {
      count += 1
    } else {
      delivered.append(stamp.path)
      if delivered.count > Self.mostDelivered {
        let oldest = delivered.removeFirst()
        if files[oldest]?.isWaiting == false { forget(oldest) }
      }
    }
  }

  /// The files that speak of a study, in the order of their paths.
  func files(studyKey: String, accessionKey: String?) -> [FileStamp] {
    let keys = [studyKey, accessionKey].compactMap { $0 }
    let found = keys.reduce(into: Set<FilePath>()) { $0.formUnion(paths[$1] ?? []) }
    return found.sorted().compactMap { files[$0]?.stamp }
  }

  private mutating func forget(_ path: FilePath) {
    guard let file = files.removeValue(forKey: path) else { return }
    if file.isWaiting { count -= 1 }
    for key in file.keys {
      paths[key]?.remove(path)
      if paths[key]?.isEmpty == true { paths[key] = nil }
    }
  }
}
