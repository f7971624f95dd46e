import Foundation

extension SQLiteStore {
  package func pendingApproval() throws -> PendingRecluster? {
    try database.first("SELECT generation, time, reason, clustering, figures FROM held") {
      PendingRecluster(
        generation: $0.int("generation"), time: $0.text("time"), reason: $0.text("reason"),
        clustering: $0.blob("clustering"),
        figures: $0.text("figures"))
    }
  }

  package func setPendingApproval(_ held: PendingRecluster?) throws {
    try database.run("DELETE FROM held")
    guard let held else { return }
    try database.run(
      "INSERT INTO held VALUES (1, ?, ?, ?, ?, ?)",
      [
        .int(held.generation), .text(held.time), .text(held.reason), .blob(held.clustering),
        .text(held.figures),
      ])
  }

  package func review(cluster: Int, name: String?, trust: ClusterTrust) throws {
    try database.run(
      "UPDATE cluster SET name = ?, trust = ? WHERE id = ?",
      [.optional(name), .text(trust.rawValue), .int(cluster)])
  }

  package func restore(cluster: Int) throws {
    try database.run(
      "UPDATE cluster SET retired = NULL, successor = NULL WHERE id = ?", [.int(cluster)])
  }
}
