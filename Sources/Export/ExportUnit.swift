import Clustering
import Core
import Embeddings
import Store

/// What an annotation says of a unit, computed again from its vector and the centroids in force.
struct ExportUnit: Sendable {
  let generation: Int
  let bundle: String
  /// Permanent cluster.
  let cluster: Int
  let assignment: Assignment
  /// Permanent cluster of the nearest other centroid; `nil` when there is only one.
  let second: Int?
  /// Distance as a multiple of the distance beyond which a unit is novel.
  let novelty: Double
  let mask: BlockMask
  let instances: Int
  let frames: Int
  /// Its row in `embeddings.npz`.
  let row: Int

  /// - Parameter position: of the unit's cluster in the generation.
  init(_ unit: UnitRecord, _ generation: LiveGeneration, position: Int, row: Int) {
    assignment = generation.assignment(of: unit.embedding, at: position)
    self.generation = generation.number
    (bundle, cluster) = (generation.bundle, unit.cluster)
    second = assignment.second.map { generation.clusters[$0] }
    novelty = assignment.distance / generation.novelty[position]
    mask = unit.embedding.mask
    (instances, frames) = (unit.instances, unit.frames)
    self.row = row
  }
}
