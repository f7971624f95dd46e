import Core
import Foundation

/// Units with their vectors and clusters.
package protocol Units: AnyObject {
  /// A unit; `nil` if it is not annotated.
  func unit(_ unitKey: String) throws -> UnitRecord?

  /// Keys of units that begin with a text or belong to a study whose key does, in order, `limit` at most.
  func unitKeys(startingWith text: String, limit: Int) throws -> [String]

  /// Every unit under a bundle, in order of unit key.
  func units(bundle: String, _ body: (UnitRecord) throws -> Void) throws

  /// Every unit under a bundle, in order of unit key, with only the columns that clusterings use. The vector is valid
  /// until `body` returns.
  func vectors(
    bundle: String, _ body: (UnitSummary, UnsafeBufferPointer<Float>) throws -> Void
  ) throws

  /// Number of units.
  func unitCount() throws -> Int

  /// Number of studies.
  func studyCount() throws -> Int

  /// Saves a unit, replacing one with the same key.
  func save(_ unit: UnitRecord) throws

  /// Number of units by permanent cluster.
  func clusterSizes() throws -> [Int: Int]

  /// Number of units that arrived since a generation was promoted, by permanent cluster.
  func windowSizes(generation: Int) throws -> [Int: Int]

  /// The values of `modality` or `body_part` in a cluster, most frequent first, then by value; "" if missing.
  func composition(cluster: Int, of column: CountedColumn) throws -> [(
    value: String, count: Int
  )]

  /// Term counts of every report in force for each unit under a bundle, with the unit's cluster and a key that is
  /// unique to its patient; in no particular order.
  func terms(
    bundle: String, _ body: (_ cluster: Int, _ patient: String, _ terms: [Int: Int]) -> Void
  ) throws

  /// The tags of one instance of each unit's study, with the unit's cluster and a key that is unique to its patient; in
  /// no particular order.
  ///
  /// - Parameter step: takes every `step`th unit of each cluster.
  func tags(
    bundle: String, step: Int,
    _ body: (_ cluster: Int, _ patient: String, _ tags: TagValues) -> Void
  ) throws

  /// The current label of an annotated image's file; `nil` for any other file.
  func exportCandidate(pathKey: String) throws -> ExportCandidate?

  /// Number of instances with pixels in the given clusters.
  func instanceCount(clusters: [Int]) throws -> Int
}

/// One unit with its current annotation.
package struct UnitRecord: Sendable {
  package var unitKey: String
  package var studyKey: String
  /// 1 for the first annotation.
  package var revision: Int
  /// Sequence number of the annotation or revision in force.
  package var lastSequence: Int
  /// Sequence number of the first annotation.
  package var firstSequence = 0
  package var bundle: String
  package var embedding: Embedding
  /// Permanent cluster.
  package var cluster: Int
  /// The generation in which it arrived. It has no meaning once that generation is superseded: a full fit has then
  /// included the unit.
  package var windowGeneration: Int?
  package var instances: Int
  package var frames: Int
  package var modality: String?
  package var bodyPart: String?
  package var decodePath: String
  /// Whether the bundle's models were trained on it.
  package var isTrained = false

  package init(
    unitKey: String, studyKey: String, revision: Int, lastSequence: Int, bundle: String,
    embedding: Embedding, cluster: Int, windowGeneration: Int?, instances: Int, frames: Int,
    modality: String?, bodyPart: String?, decodePath: String
  ) {
    self.unitKey = unitKey
    self.studyKey = studyKey
    self.revision = revision
    self.lastSequence = lastSequence
    self.bundle = bundle
    self.embedding = embedding
    self.cluster = cluster
    self.windowGeneration = windowGeneration
    self.instances = instances
    self.frames = frames
    self.modality = modality
    self.bodyPart = bodyPart
    self.decodePath = decodePath
  }
}

/// The columns that clusterings use besides the vector.
package struct UnitSummary: Sendable {
  package var unitKey: String
  package var lastSequence: Int
  package var mask: BlockMask
  package var cluster: Int
  /// See `UnitRecord.windowGeneration`.
  package var windowGeneration: Int?
  package var modality: String?
  package var bodyPart: String?
}

/// One instance of an annotated unit.
package struct ExportCandidate: Sendable {
  package var instanceKey: String
  /// SHA-256 of its file.
  package var digest: String
  package var unitKey: String
  package var studyKey: String
  /// Current permanent cluster.
  package var cluster: Int
  package var modality: String?
  package var bodyPart: String?
}

/// A column of units whose values are counted.
package enum CountedColumn: String, Sendable {
  case modality
  case bodyPart = "body_part"
}
