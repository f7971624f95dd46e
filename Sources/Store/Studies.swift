import Core
import Foundation

/// Studies with their instances and patients.
package protocol Studies: AnyObject {
  /// The stored instances of a study, in order of instance key.
  func instances(ofStudy studyKey: String) throws -> [InstanceRecord]

  /// Saves an instance, replacing one with the same key.
  func save(_ record: InstanceRecord, studyKey: String, bundle: String) throws

  /// Saves a study; `nil` keeps the accession key that is stored.
  func saveStudy(_ studyKey: String, accessionKey: String?) throws

  /// Adds keys under which the files of a study name its patient.
  func savePatients(_ patients: Set<PatientKey>, studyKey: String) throws

  /// Every study with each key of its patient, in the order in which the keys were saved; `nil` for a study whose files
  /// have none. Studies that were annotated before these keys were stored are left out.
  func patients(_ body: (_ studyKey: String, _ patient: PatientKey?) -> Void) throws
}

/// The stored data of one instance.
package struct InstanceRecord: Sendable {
  package var instanceKey: String
  package var seriesKey: String
  package var digest: String
  package var hasPixels: Bool
  /// Frames behind the image vector.
  package var frames: Int
  /// Mean image vector of its frames under the bundle; empty without images.
  package var image: [Float]
  /// `nil` once the instance is no longer among the sampled ones.
  package var tags: TagValues?
  package var bodyPart: String?
  package var decodePath: String

  package init(
    instanceKey: String, seriesKey: String, digest: String, hasPixels: Bool, frames: Int,
    image: [Float], tags: TagValues?, bodyPart: String?, decodePath: String
  ) {
    self.instanceKey = instanceKey
    self.seriesKey = seriesKey
    self.digest = digest
    self.hasPixels = hasPixels
    self.frames = frames
    self.image = image
    self.tags = tags
    self.bodyPart = bodyPart
    self.decodePath = decodePath
  }
}
