import Core
import Store

/// How much a cluster needs a person's look: large clusters that hold several things come first.
struct Doubt: Sendable {
  /// From 0, one modality and one body part close to the centre, to 1.
  let value: Double
  /// Times the number of units.
  let priority: Double
  /// In words.
  let reasons: [String]

  /// - Parameter widest: the largest mean distance of any cluster's units to its centroid.
  init(_ cluster: ClusterProfile, widest: Double) {
    self.init(
      size: cluster.size, modality: cluster.modality, bodyPart: cluster.bodyPart,
      spread: cluster.spread / max(widest, 1e-9), hasChanged: cluster.hasChanged)
  }

  /// - Parameters:
  ///   - spread: mean distance of the units to the centroid, as a share of the widest cluster's.
  ///   - hasChanged: whether it has changed since its review.
  init(size: Int, modality: Mix, bodyPart: Mix, spread: Double, hasChanged: Bool) {
    let impurity = 1 - modality.purity * bodyPart.purity
    // A changed cluster is as doubtful as one that has never been reviewed and half as much again.
    value = min(1, (impurity + spread) / 2 * (hasChanged ? 1.5 : 1))
    priority = Double(size) * value
    var reasons: [String] = []
    if modality.purity < 0.9 { reasons.append("several modalities") }
    if bodyPart.purity < 0.6 { reasons.append("several body parts") }
    if spread > 0.9 { reasons.append("widely spread") }
    if hasChanged { reasons.append("changed since its review") }
    self.reasons = reasons
  }
}

extension ClusterProfile {
  /// Whether it has no verdict, or has changed since.
  var needsReview: Bool { record.trust == ClusterTrust.unreviewed.rawValue || hasChanged }

  /// Whether it has moved so far since its review that the review no longer counts.
  package var hasChanged: Bool { change?.isLarge ?? false }
}

extension Archive {
  func doubt(_ cluster: ClusterProfile) -> Doubt {
    Doubt(cluster, widest: clusters.map(\.spread).max() ?? 0)
  }

  /// The clusters that need a review, most urgent first.
  package var queue: [ClusterProfile] {
    let widest = clusters.map(\.spread).max() ?? 0
    return clusters.filter(\.needsReview).map { ($0, Doubt($0, widest: widest).priority) }
      .sorted { ($0.1, $1.0.record.id) > ($1.1, $0.0.record.id) }.map(\.0)
  }

  /// The next cluster to review besides one.
  package func next(after id: Int) -> ClusterProfile? {
    let order = queue
    guard let place = order.firstIndex(where: { $0.record.id == id }) else { return order.first }
    return order.count > 1 ? order[(place + 1) % order.count] : nil
  }

  func previous(before id: Int) -> ClusterProfile? {
    let order = queue
    guard let place = order.firstIndex(where: { $0.record.id == id }) else { return order.last }
    return order.count > 1 ? order[(place + order.count - 1) % order.count] : nil
  }
}
