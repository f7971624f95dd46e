/// A report's version among the reports of its study.
package struct ReportVersion: Sendable, Hashable {
  package var rank: ReportRank
  /// Key of a document's title: of the documents that share it, only those of the highest rank count. `nil` for a
  /// report without versions under other keys.
  package var title: String?
  /// Keys of the reports that it replaces, whatever their rank.
  package var predecessors: [String]

  package init(rank: ReportRank, title: String? = nil, predecessors: [String] = []) {
    self.rank = rank
    self.title = title
    self.predecessors = predecessors
  }

  /// Keys of the reports that don't count, from the versions of all reports of a study. A replaced report still
  /// replaces others, so the order of arrival doesn't matter, and what was replaced once stays replaced.
  package static func replaced(_ versions: [String: ReportVersion]) -> Set<String> {
    var replaced: Set<String> = []
    var highest: [String: ReportRank] = [:]
    for (key, version) in versions {
      replaced.formUnion(version.predecessors.filter { $0 != key })
      guard let title = version.title else { continue }
      highest[title] = max(highest[title] ?? version.rank, version.rank)
    }
    for (key, version) in versions {
      if let title = version.title, let rank = highest[title], version.rank < rank {
        replaced.insert(key)
      }
    }
    return replaced
  }
}
