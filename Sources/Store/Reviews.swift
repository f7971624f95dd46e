import Core
import Foundation

/// What reviewers decided: names and trust of clusters, where units stand, what the next fit should change; and the
/// fit that is pending approval.
package protocol Reviews: AnyObject {
  /// The fit that is pending approval; `nil` if there is none.
  func pendingApproval() throws -> PendingRecluster?

  /// Replaces the fit that is pending approval; `nil` removes it.
  func setPendingApproval(_ held: PendingRecluster?) throws

  /// Saves a cluster's name and trust, and the review that gave it this trust; without one, an earlier review stays.
  func review(cluster: Int, name: String?, trust: ClusterTrust, _ review: ClusterReview?) throws

  /// The review behind each cluster's trust; a cluster that is unreviewed has none.
  func reviews() throws -> [Int: ClusterReview]

  /// Number of units that are in a cluster and have not been annotated again since an event.
  func unitCount(cluster: Int, unchangedSince sequence: Int) throws -> Int

  /// Puts a retired cluster back in force.
  func restore(cluster: Int) throws

  /// Every unit that a reviewer moved, by unit key.
  func placements() throws -> [String: Placement]

  /// Replaces a unit's placement; `nil` removes it.
  func setPlacement(_ placement: Placement?, unit: String) throws

  /// Proposals for the next fit, oldest first.
  func proposals() throws -> [Proposal]

  /// - Returns: the proposal's number.
  @discardableResult
  func add(_ kind: Proposal.Kind, clusters: [Int]) throws -> Int

  func removeProposals(_ numbers: [Int]) throws
}

/// A full fit that is pending approval.
package struct PendingRecluster: Sendable {
  /// The generation that it would supersede.
  package var generation: Int
  package var time: String
  package var reason: String
  /// JSON, in the format of the module that made it.
  package var clustering: Data
  /// Metrics, as JSON.
  package var figures: String
  /// The proposals that it followed.
  package var proposals: [Int]

  package init(
    generation: Int, time: String, reason: String, clustering: Data, figures: String,
    proposals: [Int]
  ) {
    self.generation = generation
    self.time = time
    self.reason = reason
    self.clustering = clustering
    self.figures = figures
    self.proposals = proposals
  }
}

/// The verdict of a cluster's review.
package enum ClusterTrust: String, Sendable, CaseIterable {
  case unreviewed, accepted, rejected
}

/// Where a reviewer wants a unit: in a cluster, or not in some. It outlasts reclusters; a cluster that ended stands for
/// its successor.
package struct Placement: Sendable, Equatable {
  /// The cluster that it was moved to; `nil` when it was only moved out.
  package var cluster: Int?
  /// The clusters that it was moved out of.
  package var excluded: Set<Int>

  package init(cluster: Int? = nil, excluded: Set<Int> = []) {
    self.cluster = cluster
    self.excluded = excluded
  }
}

/// What a reviewer wants the next fit to start from.
package struct Proposal: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// One seed for all of its clusters.
    case merge
    /// Two seeds for its only cluster.
    case split
  }

  package let number: Int
  package let kind: Kind
  package let clusters: [Int]

  package init(number: Int, kind: Kind, clusters: [Int]) {
    self.number = number
    self.kind = kind
    self.clusters = clusters
  }
}
