import Core
import Foundation

/// What people say of clusters and fits.
package protocol Reviews: AnyObject {
  func pendingApproval() throws -> PendingRecluster?

  /// Keeps a fit instead of an earlier one; `nil` for none.
  func setPendingApproval(_ held: PendingRecluster?) throws

  /// Keeps what people say of a cluster.
  func review(cluster: Int, name: String?, trust: ClusterTrust) throws

  /// Lets a retired cluster live again.
  func restore(cluster: Int) throws
}

/// A full fit that waits for somebody to approve or reject it.
package struct PendingRecluster: Sendable {
  /// The generation that it would supersede.
  package var generation: Int
  package var time: String
  package var reason: String
  /// As JSON; what made it knows how to read it.
  package var clustering: Data
  /// JSON.
  package var figures: String

  package init(generation: Int, time: String, reason: String, clustering: Data, figures: String) {
    self.generation = generation
    self.time = time
    self.reason = reason
    self.clustering = clustering
    self.figures = figures
  }
}

/// What people think of a cluster.
package enum ClusterTrust: String, Sendable, CaseIterable {
  case unreviewed, accepted, rejected
}
