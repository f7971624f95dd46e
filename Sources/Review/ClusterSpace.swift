import Clustering
import Core
import Store

/// The current clusters' centroids.
struct ClusterSpace: Sendable {
  private let centroids: Centroids
  /// Permanent cluster and limit of novelty by position.
  private let clusters: [Int]
  private let novelty: [Double]
  private let positions: [Int: Int]

  init(_ centers: [CentroidRecord], layout: BlockLayout) {
    centroids = Centroids(
      layout: layout, k: centers.count, values: centers.flatMap(\.onlineVector),
      weights: centers.flatMap(\.weights))
    clusters = centers.map(\.cluster)
    novelty = centers.map(\.novelty)
    positions = Dictionary(uniqueKeysWithValues: zip(clusters, 0...))
  }

  /// Where a unit lies in its cluster.
  struct Place {
    let distance: Double
    /// The nearest other cluster.
    let second: Int?
    /// 0 on the border to it, towards 1 at the centroid; below 0 beyond the border.
    let margin: Double
    /// Farther than the units that the cluster was fitted on.
    let isNovel: Bool
  }

  /// - Returns: `nil` for a unit whose cluster has ended.
  func place(of unit: UnitRecord) -> Place? {
    guard let own = positions[unit.cluster] else { return nil }
    let distance = centroids.squaredDistance(unit.embedding, to: own).squareRoot()
    let others = clusters.indices.filter { $0 != own }.map {
      (position: $0, distance: centroids.squaredDistance(unit.embedding, to: $0).squareRoot())
    }
    let nearest = others.min { $0.distance < $1.distance }
    let margin = nearest.map { $0.distance > 0 ? 1 - distance / $0.distance : 0 } ?? 0
    return Place(
      distance: distance, second: nearest.map { clusters[$0.position] }, margin: margin,
      isNovel: distance > novelty[own])
  }

  /// The clusters with the nearest centroids, and their distances.
  func neighbours(_ cluster: Int, _ count: Int) -> [(id: Int, distance: Double)] {
    guard let own = positions[cluster] else { return [] }
    let point = Embedding(values: Array(centroids.row(own)), mask: .all)
    let others = clusters.indices.filter { $0 != own }.map {
      (id: clusters[$0], distance: centroids.squaredDistance(point, to: $0).squareRoot())
    }
    return Array(others.sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }.prefix(count))
  }

  /// - Parameter position: that of a centroid.
  func distance(_ unit: UnitRecord, to position: Int) -> Double {
    centroids.squaredDistance(unit.embedding, to: position).squareRoot()
  }
}
