import Core
import Embeddings
import Features
import Synchronization

/// An arrangement with its sources' vectors, and the units that its fusion and clusterings are fitted on.
struct ArrangementFit: Sendable {
  private let arrangement: Arrangement
  /// By block and unit.
  private let vectors: [[[Float]?]?]
  private let fitted: [Int]
  private let grouping: Grouping
  private let views: BlockViews
  private let clusters: Int
  /// Set if the fusion has no clustering of its own: it is then the same for every seed.
  private var points: FusedPoints?

  /// - Parameters:
  ///   - vectors: by block and unit.
  ///   - fitted: indices of units.
  ///   - clusters: number of centroids per block, for fusions that use them.
  init(
    _ arrangement: Arrangement, vectors: [[[Float]?]?], fittedOn fitted: [Int],
    _ grouping: Grouping, views: BlockViews, clusters: Int
  ) throws {
    self.arrangement = arrangement
    self.vectors = vectors
    self.fitted = fitted
    self.grouping = grouping
    self.views = views
    self.clusters = clusters
    if arrangement.fusion == .embeddings { points = try makePoints(seed: 0) }
  }

  func points(seed: UInt64) throws -> FusedPoints { try points ?? makePoints(seed: seed) }

  private func makePoints(seed: UInt64) throws -> FusedPoints {
    let views = try Block.allCases.map { block in
      try arrangement.candidates.first { $0.block == block }.flatMap { candidate in
        try vectors[block.rawValue].flatMap {
          try self.views.view(
            candidate, $0, fittedOn: fitted, arrangement.fusion, clusters: clusters, seed: seed)
        }
      }
    }
    return FusedPoints(
      vectors, fittedOn: fitted, weights: arrangement.weights, views: views, for: grouping)
  }
}

/// The blocks' own clusterings, shared by the arrangements that see blocks from their centroids.
final class BlockViews: Sendable {
  private struct Key: Hashable {
    var candidate: Candidate
    var fusion: Configuration.Fusion
    var fitted: Int
    var seed: UInt64
  }

  private let known = Mutex<[Key: CentroidView?]>([:])

  /// - Parameter fitted: indices of the units whose vectors are clustered.
  func view(
    _ candidate: Candidate, _ vectors: [[Float]?], fittedOn fitted: [Int],
    _ fusion: Configuration.Fusion, clusters: Int, seed: UInt64
  ) throws -> CentroidView? {
    let key = Key(candidate: candidate, fusion: fusion, fitted: fitted.count, seed: seed)
    if let view = known.withLock({ $0[key] }) { return view }
    let view = try BlockCentroids.view(
      fitted.compactMap { vectors[$0] }, fusion, clusters: clusters, seed: seed)
    known.withLock { $0[key] = .some(view) }
    return view
  }
}
