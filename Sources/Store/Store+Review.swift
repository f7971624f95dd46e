import Foundation

/// A full fit that waits for somebody to approve or reject it.
package struct HeldRecluster: Sendable {
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

extension Store {
  package func held() throws -> HeldRecluster? {
    try database.first("SELECT generation, time, reason, clustering, figures FROM held") {
      HeldRecluster(
        generation: $0.int(0), time: $0.text(1), reason: $0.text(2), clustering: $0.blob(3),
        figures: $0.text(4))
    }
  }

  /// Keeps a fit instead of an earlier one; `nil` for none.
  package func setHeld(_ held: HeldRecluster?) throws {
    try database.run("DELETE FROM held")
    guard let held else { return }
    try database.run(
      "INSERT INTO held VALUES (1, ?, ?, ?, ?, ?)",
      [
        .int(held.generation), .text(held.time), .text(held.reason), .blob(held.clustering),
        .text(held.figures),
      ])
  }

  /// Keeps what people say of a cluster.
  package func review(cluster: Int, name: String?, trust: ClusterTrust) throws {
    try database.run(
      "UPDATE cluster SET name = ?, trust = ? WHERE id = ?",
      [.optional(name), .text(trust.rawValue), .int(cluster)])
  }

  /// Lets a retired cluster live again.
  package func restore(cluster: Int) throws {
    try database.run(
      "UPDATE cluster SET retired = NULL, successor = NULL WHERE id = ?", [.int(cluster)])
  }
}
