import Foundation

extension SQLiteStore {
  package func pendingApproval() throws -> PendingRecluster? {
    try database.first("SELECT generation, time, reason, clustering, figures, proposals FROM held")
    {
      PendingRecluster(
        generation: $0.int("generation"), time: $0.text("time"), reason: $0.text("reason"),
        clustering: $0.blob("clustering"), figures: $0.text("figures"),
        proposals: Self.numbers($0.text("proposals")))
    }
  }

  package func setPendingApproval(_ held: PendingRecluster?) throws {
    try database.run("DELETE FROM held")
    guard let held else { return }
    try database.run(
      "INSERT INTO held VALUES (1, ?, ?, ?, ?, ?, ?)",
      [
        .int(held.generation), .text(held.time), .text(held.reason), .blob(held.clustering),
        .text(held.figures), .text(Self.text(held.proposals)),
      ])
  }

  package func proposals() throws -> [Proposal] {
    var proposals: [Proposal] = []
    try database.run("SELECT number, kind, clusters FROM proposal ORDER BY number") {
      guard let kind = Proposal.Kind(rawValue: $0.text("kind")) else { return }
      proposals.append(
        Proposal(
          number: $0.int("number"), kind: kind, clusters: Self.numbers($0.text("clusters"))))
    }
    return proposals
  }

  package func add(_ kind: Proposal.Kind, clusters: [Int]) throws -> Int {
    try database.run(
      "INSERT INTO proposal (kind, clusters) VALUES (?, ?)",
      [.text(kind.rawValue), .text(Self.text(clusters))])
    return try database.first("SELECT max(number) AS number FROM proposal") { $0.int("number") }
      ?? 0
  }

  package func removeProposals(_ numbers: [Int]) throws {
    for number in numbers {
      try database.run("DELETE FROM proposal WHERE number = ?", [.int(number)])
    }
  }

  private static func text(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: " ")
  }

  private static func numbers(_ text: String) -> [Int] {
    text.split(separator: " ").compactMap { Int($0) }
  }
}
