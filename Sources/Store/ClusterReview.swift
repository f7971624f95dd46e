/// A judgement of a cluster, with what the cluster held at that moment.
package struct ClusterReview: Sendable, Equatable {
  package var generation: Int
  /// Sequence number of the review's event.
  package var sequence: Int
  package var time: String
  /// `nil` when the reviewer did not identify themselves.
  package var reviewer: String?
  package var comment: String?
  package var contents: ClusterContents

  package init(
    generation: Int, sequence: Int, time: String, reviewer: String?, comment: String?,
    contents: ClusterContents
  ) {
    self.generation = generation
    self.sequence = sequence
    self.time = time
    self.reviewer = reviewer
    self.comment = comment
    self.contents = contents
  }
}

/// Units of a cluster by modality and by body part; "" if missing.
package struct ClusterContents: Sendable, Equatable {
  package var modality: [String: Int]
  package var bodyPart: [String: Int]

  package init(modality: [String: Int], bodyPart: [String: Int]) {
    self.modality = modality
    self.bodyPart = bodyPart
  }

  package var units: Int { modality.values.reduce(0, +) }
}

/// How far a cluster has moved since its review.
package struct ClusterChange: Sendable, Equatable {
  /// Units at the review and now, and those that were there all along.
  package let before: Int
  package let now: Int
  package let kept: Int
  /// Share of the units then and now that are not in both.
  package let units: Double
  /// Total variation between the shares of modalities, or of body parts if those moved further.
  package let mix: Double
  /// Above this, units or mix, the review no longer counts.
  package let limit: Double

  package init(_ review: ClusterContents, now: ClusterContents, kept: Int, limit: Double) {
    before = review.units
    self.now = now.units
    self.kept = min(kept, before, self.now)
    let union = before + self.now - self.kept
    units = union > 0 ? 1 - Double(self.kept) / Double(union) : 0
    mix = max(
      Self.variation(review.modality, now.modality), Self.variation(review.bodyPart, now.bodyPart))
    self.limit = limit
  }

  package var isLarge: Bool { max(units, mix) > limit }

  package var inWords: String {
    "\(now) units, \(before) at the review, \(kept) of them the same; mix moved by \(Int((100 * mix).rounded())) %"
  }

  /// 0 for equal shares, 1 for disjoint ones. An empty cluster differs from any other.
  static func variation(_ first: [String: Int], _ second: [String: Int]) -> Double {
    let totals = (first.values.reduce(0, +), second.values.reduce(0, +))
    guard totals.0 > 0, totals.1 > 0 else { return totals.0 == totals.1 ? 0 : 1 }
    return Set(first.keys).union(second.keys).reduce(0) { sum, key in
      let shares = (
        Double(first[key] ?? 0) / Double(totals.0), Double(second[key] ?? 0) / Double(totals.1)
      )
      return sum + abs(shares.0 - shares.1) / 2
    }
  }
}

extension Store {
  /// What a cluster holds now.
  package func contents(cluster: Int) throws -> ClusterContents {
    func counts(_ column: CountedColumn) throws -> [String: Int] {
      Dictionary(uniqueKeysWithValues: try composition(cluster: cluster, of: column))
    }
    return ClusterContents(modality: try counts(.modality), bodyPart: try counts(.bodyPart))
  }

  /// How far each reviewed cluster in force has moved since its review.
  ///
  /// - Parameter limit: see `ClusterChange.limit`.
  package func changesSinceReview(limit: Double) throws -> [Int: ClusterChange] {
    let living = Set(try clusters().filter { $0.retired == nil }.map(\.id))
    var changes: [Int: ClusterChange] = [:]
    for (cluster, review) in try reviews() where living.contains(cluster) {
      changes[cluster] = ClusterChange(
        review.contents, now: try contents(cluster: cluster),
        kept: try unitCount(cluster: cluster, unchangedSince: review.sequence), limit: limit)
    }
    return changes
  }
}
