import Core
import Foundation

/// Units with their vectors and clusters.
package protocol Units: AnyObject {
  func unit(_ unitKey: String) throws -> UnitRecord?

  /// Every unit under a bundle, in the order of the keys.
  func units(bundle: String, _ body: (UnitRecord) throws -> Void) throws

  /// Every unit under a bundle in the order of the keys, without what clusterings don't look at. The vector is there
  /// until `body` returns.
  func vectors(
    bundle: String, _ body: (UnitSummary, UnsafeBufferPointer<Float>) throws -> Void
  ) throws

  func unitCount() throws -> Int

  func studyCount() throws -> Int

  func save(_ unit: UnitRecord) throws

  /// Units in each permanent cluster.
  func clusterSizes() throws -> [Int: Int]

  /// Units in each permanent cluster that arrived since a generation was promoted.
  func windowSizes(generation: Int) throws -> [Int: Int]

  /// The most frequent values of `modality` or `body_part` in a cluster.
  func composition(cluster: Int, of column: CountedColumn) throws -> [(
    value: String, count: Int
  )]

  /// Term counts of every report that counts of the units under a bundle, with the unit's cluster and what tells its
  /// patient from others.
  func terms(
    bundle: String, _ body: (_ cluster: Int, _ patient: String, _ terms: [Int: Int]) -> Void
  ) throws

  /// The tags of one instance of every unit's study, with the unit's cluster and what tells its patient from others.
  ///
  /// - Parameter step: of so many units one is looked at.
  func tags(
    bundle: String, step: Int,
    _ body: (_ cluster: Int, _ patient: String, _ tags: TagValues) -> Void
  ) throws

  /// What the file of an annotated image is labelled with today; `nil` for any other file.
  func exportCandidate(pathKey: String) throws -> ExportCandidate?

  /// Instances with pixels in some clusters.
  func instanceCount(clusters: [Int]) throws -> Int
}

/// One unit as it is annotated now.
package struct UnitRecord: Sendable {
  package var unitKey: String
  package var studyKey: String
  /// 1 for the first annotation.
  package var revision: Int
  /// Sequence number of the annotation or revision in force.
  package var lastSequence: Int
  /// That of the first annotation.
  package var firstSequence = 0
  package var bundle: String
  package var embedding: Embedding
  /// Permanent cluster.
  package var cluster: Int
  /// The generation in which it arrived as new. Once that is no longer in force it says nothing: a full fit has seen
  /// the unit.
  package var windowGeneration: Int?
  package var instances: Int
  package var frames: Int
  package var modality: String?
  package var bodyPart: String?
  package var decodePath: String

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

/// What clusterings look at besides the vector.
package struct UnitSummary: Sendable {
  package var unitKey: String
  package var lastSequence: Int
  package var mask: BlockMask
  package var cluster: Int
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
  /// Permanent cluster of today.
  package var cluster: Int
  package var modality: String?
  package var bodyPart: String?
}

/// A column of units whose values are counted.
package enum CountedColumn: String, Sendable {
  case modality
  case bodyPart = "body_part"
}
