import Core
import Foundation
import Store

/// The clusters in force as a table or as JSON.
struct ClusterList {
  static let options: Set<String> = ["--sort", "--trust", "--search"]

  private let store: any Store
  private let reviews: [Int: ClusterReview]
  private let changes: [Int: ClusterChange]

  fileprivate struct Row {
    let cluster: ClusterRecord
    let modality: [(value: String, count: Int)]
    let part: [(value: String, count: Int)]
    let change: ClusterChange?

    var label: String { ClusterRecord.label(cluster.id) }
    var units: Int { modality.reduce(0) { $0 + $1.count } }
    var isChanged: Bool { change?.isLarge ?? false }
  }

  fileprivate enum Order: String, CaseIterable { case label, units, trust, change }
  fileprivate enum Filter: String, CaseIterable { case unreviewed, accepted, rejected, changed }

  /// - Throws: `StoreError`.
  init(_ store: any Store, changeLimit: Double) throws {
    self.store = store
    reviews = try store.reviews()
    changes = try store.changesSinceReview(limit: changeLimit)
  }

  /// - Throws: `StoreError`, `UsageError`.
  func print(_ values: [String: String], json: Bool) throws {
    let order: Order = try Self.choice("--sort", values) ?? .label
    let filter: Filter? = try Self.choice("--trust", values)
    let rows = try store.clusters().filter { $0.retired == nil }.map(row)
      .filter { filter?.matches($0) ?? true }
      .filter { values["--search"].map($0.contains) ?? true }
      .sorted(by: order.precedes)
    if json {
      for row in rows { radiologynetctl.print(line(row).encoded) }
      return
    }
    radiologynetctl.print("cluster    units  trust        modality                body part")
    for row in rows {
      radiologynetctl.print(
        "\(row.label.padding(to: 7))\(String(row.units).leading(to: 9))  "
          + "\((row.cluster.trust + (row.isChanged ? "*" : "")).padding(to: 11))  "
          + "\(Self.shares(row.modality).padding(to: 22))  \(Self.shares(row.part))"
          + (row.cluster.name.map { "  \"\($0)\"" } ?? ""))
    }
    for proposal in try store.proposals() {
      let labels = proposal.clusters.map(ClusterRecord.label).joined(separator: ", ")
      radiologynetctl.print("proposed to the next recluster: \(proposal.kind) \(labels)")
    }
  }

  /// - Throws: `StoreError`.
  func show(_ id: Int, today: Int, json: Bool) throws {
    guard let cluster = try store.clusters().first(where: { $0.id == id }) else { return }
    let row = try row(cluster)
    if json { return radiologynetctl.print(line(row).encoded) }
    let retired = cluster.retired.map {
      ", ended in generation \($0): its label stands for \(ClusterRecord.label(today)) now"
    }
    radiologynetctl.print(
      """
      \(row.label)  \(cluster.name.map { "\"\($0)\"" } ?? "(no name)")
        trust      \(cluster.trust)\(reviews[id].map(Self.inWords) ?? "")
        since      generation \(cluster.born)\(retired ?? "")
        units      \(row.units)
        modality   \(Self.all(row.modality))
        body part  \(Self.all(row.part))
      """)
    if let change = row.change {
      radiologynetctl.print(
        "  \(row.isChanged ? "CHANGED since its review" : "change   "): \(change.inWords)")
    }
  }

  private func row(_ cluster: ClusterRecord) throws -> Row {
    func mix(_ column: CountedColumn) throws -> [(value: String, count: Int)] {
      try store.composition(cluster: cluster.id, of: column).map {
        ($0.value.isEmpty ? "unknown" : $0.value, $0.count)
      }
    }
    return Row(
      cluster: cluster, modality: try mix(.modality), part: try mix(.bodyPart),
      change: changes[cluster.id])
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ option: String, _ values: [String: String]
  ) throws -> Choice? {
    guard let text = values[option] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw UsageError(
        "\(option) takes \(Choice.allCases.map(\.rawValue).joined(separator: ", ")), not \(text)")
    }
    return choice
  }

  private static func inWords(_ review: ClusterReview) -> String {
    " in generation \(review.generation)" + (review.reviewer.map { ", by \($0)" } ?? "")
      + (review.comment.map { ": \($0)" } ?? "")
  }

  private static func all(_ values: [(value: String, count: Int)]) -> String {
    values.map { "\($0.value) \($0.count)" }.joined(separator: ", ")
  }

  private func line(_ row: Row) -> JSON {
    let (cluster, review) = (row.cluster, reviews[row.cluster.id])
    return [
      "cluster": .string(row.label), "name": .optional(cluster.name),
      "trust": .string(cluster.trust), "units": .int(row.units), "born": .int(cluster.born),
      "modality": .object(row.modality.map { ($0.value, .int($0.count)) }),
      "body_part": .object(row.part.map { ($0.value, .int($0.count)) }),
      "reviewed_in": review.map { .int($0.generation) } ?? .null,
      "reviewer": .optional(review?.reviewer), "comment": .optional(review?.comment),
      "units_at_review": row.change.map { .int($0.before) } ?? .null,
      "changed_units": row.change.map { .figure($0.units) } ?? .null,
      "changed_mix": row.change.map { .figure($0.mix) } ?? .null,
      "changed_since_review": .bool(row.isChanged),
    ]
  }

  /// The two most frequent values, in per cent.
  private static func shares(_ values: [(value: String, count: Int)]) -> String {
    let total = Double(max(1, values.reduce(0) { $0 + $1.count }))
    return values.prefix(2)
      .map { "\($0.value) \(Int((100 * Double($0.count) / total).rounded()))%" }
      .joined(separator: ", ")
  }
}

extension ClusterList.Filter {
  fileprivate func matches(_ row: ClusterList.Row) -> Bool {
    self == .changed ? row.isChanged : row.cluster.trust == rawValue
  }
}

extension ClusterList.Row {
  fileprivate func contains(_ text: String) -> Bool {
    ([label, cluster.name ?? ""] + modality.map(\.value) + part.map(\.value)).contains {
      $0.localizedCaseInsensitiveContains(text)
    }
  }
}

extension ClusterList.Order {
  fileprivate func precedes(_ left: ClusterList.Row, _ right: ClusterList.Row) -> Bool {
    switch self {
    case .label: left.cluster.id < right.cluster.id
    case .units: (left.units, right.cluster.id) > (right.units, left.cluster.id)
    case .trust: (left.cluster.trust, left.cluster.id) < (right.cluster.trust, right.cluster.id)
    case .change:
      (left.extent, right.cluster.id) > (right.extent, left.cluster.id)
    }
  }
}

extension ClusterList.Row {
  fileprivate var extent: Double { change.map { max($0.units, $0.mix) } ?? -1 }
}
