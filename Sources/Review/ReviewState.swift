import Core
import Store

/// What reviewers have decided so far.
package struct ReviewState: Sendable {
  /// Every permanent cluster by number, ended ones included.
  let clusters: [Int: ClusterRecord]
  /// The current cluster for the label of each one that has ended.
  let successors: [Int: Int]
  let reviews: [Int: ClusterReview]
  let changes: [Int: ClusterChange]
  let proposals: [Proposal]

  /// - Parameter changeLimit: how far a cluster may move before its review no longer counts, from 0 to 1.
  /// - Throws: `StoreError`.
  package init(_ store: any Store, changeLimit: Double) throws {
    let records = try store.clusters()
    clusters = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
    successors = try records.filter { $0.retired != nil }.reduce(into: [:]) {
      $0[$1.id] = try store.resolve(cluster: $1.id)
    }
    reviews = try store.reviews()
    changes = try store.changesSinceReview(limit: changeLimit)
    proposals = try store.proposals()
  }
}

extension Archive {
  /// A copy with what reviewers have decided since.
  package func reviewed(_ state: ReviewState) -> Archive {
    var archive = self
    archive.adopt(state)
    return archive
  }

  /// A cluster's record, also of one that has ended.
  package func record(_ id: Int) -> ClusterRecord? { state.clusters[id] }

  /// Clusters that have ended.
  var ended: [ClusterRecord] {
    state.clusters.values.filter { $0.retired != nil }.sorted { $0.id < $1.id }
  }

  /// Ended clusters whose label stands for a current one now.
  func predecessors(of id: Int) -> [ClusterRecord] {
    ended.filter { state.successors[$0.id] == id }
  }

  /// The current cluster for the label of one that has ended.
  func successor(of id: Int) -> Int? { state.successors[id] }
}
