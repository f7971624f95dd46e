import Core
import Foundation

/// Reviews of clusters, and the fit that is pending approval.
package protocol Reviews: AnyObject {
  /// The fit that is pending approval; `nil` if there is none.
  func pendingApproval() throws -> PendingRecluster?

  /// Replaces the fit that is pending approval; `nil` removes it.
  func setPendingApproval(_ held: PendingRecluster?) throws

  /// Saves the reviewed name and trust of a cluster.
  func review(cluster: Int, name: String?, trust: ClusterTrust) throws

  /// Puts a retired cluster back in force.
  func restore(cluster: Int) throws
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

  package init(generation: Int, time: String, reason: String, clustering: Data, figures: String) {
    self.generation = generation
    self.time = time
    self.reason = reason
    self.clustering = clustering
    self.figures = figures
  }
}

/// The verdict of a cluster's review.
package enum ClusterTrust: String, Sendable, CaseIterable {
  case unreviewed, accepted, rejected
}
