/// What a report of a study counts for beside the study's others.
package struct ReportVersion: Sendable, Hashable {
  package var rank: ReportRank
  /// Key of a document's title: of the documents that share it only those of the highest rank count. `nil` for what
  /// has no versions under other keys.
  package var title: String?
  /// Keys of the reports that it replaces, whatever their rank.
  package var predecessors: [String]

  package init(rank: ReportRank, title: String? = nil, predecessors: [String] = []) {
    self.rank = rank
    self.title = title
    self.predecessors = predecessors
  }

  /// Keys of the reports that don't count, by the versions of all reports of a study. What is replaced replaces
  /// others still, so that nothing depends on which came first, and what was replaced once stays so.
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
