/// A grey image as the encoders see it: `side` × `side` bytes, row-major, 0 dark and 255 bright.
package struct GreyImage: Sendable, Equatable {
  package let side: Int
  package let pixels: [UInt8]

  package init(side: Int, pixels: [UInt8]) {
    precondition(pixels.count == side * side)
    self.side = side
    self.pixels = pixels
  }
}

/// Values of acquisition tags by keyword; several values are joined by `\` as in DICOM.
package typealias TagValues = [String: String]

/// What a worker found in one DICOM file.
package struct DecodedInstance: Sendable {
  package var studyUID: Redacted<String>
  package var seriesUID: Redacted<String>
  /// Empty when the file has none.
  package var instanceUID: Redacted<String>
  package var accession: Redacted<String>
  /// The file's identifiers of its patient: PatientID and other IDs.
  package var patients: Redacted<[PatientIdentifier]>
  /// Parts of the names of patient and physicians, lower case, to be removed from texts.
  package var names: Redacted<[String]>
  package var tags: TagValues
  /// Study, series and protocol descriptions, for the body part only.
  package var descriptions: Redacted<[String]>
  package var report: StructuredReport?
  package var hasPixels: Bool
  /// Of the image, before it was padded to a square.
  package var rows: Int
  package var columns: Int
  /// The file says that identifiers may be burned into the image.
  package var isBurnedIn: Bool
  /// How many of its images had text that is filled with black.
  package var maskedImages: Int
  /// How the pixels were decoded (`native`, `rle`, `jpeg`, …), or why they were not.
  package var decodePath: String
  /// Digest of the whole file, hexadecimal.
  package var digest: String
  /// How many grey images came with it.
  package var imageCount: Int

  package init(
    studyUID: String, seriesUID: String, instanceUID: String, accession: String,
    patients: [PatientIdentifier],
    names: [String],
    tags: TagValues, descriptions: [String], report: StructuredReport?, hasPixels: Bool,
    rows: Int, columns: Int, isBurnedIn: Bool, maskedImages: Int = 0,
    decodePath: String, digest: String, imageCount: Int
  ) {
    self.studyUID = Redacted(studyUID)
    self.seriesUID = Redacted(seriesUID)
    self.instanceUID = Redacted(instanceUID)
    self.accession = Redacted(accession)
    self.patients = Redacted(patients)
    self.names = Redacted(names)
    self.tags = tags
    self.descriptions = Redacted(descriptions)
    self.report = report
    self.hasPixels = hasPixels
    self.rows = rows
    self.columns = columns
    self.isBurnedIn = isBurnedIn
    self.maskedImages = maskedImages
    self.decodePath = decodePath
    self.digest = digest
    self.imageCount = imageCount
  }
}

/// Why a file could not be used. The code is stable and documented; the detail is for people and never contains a value
/// from the file.
package struct Rejection: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    case notDICOM = "not_dicom"
    case unreadable
    case malformed
    case truncated
    case missingStudyUID = "missing_study_uid"
    case dicomDirectory = "dicomdir"
    case timeout
    case workerCrash = "worker_crash"
    case tooLarge = "too_large"
    case outOfMemory = "out_of_memory"
    case badEncoding = "bad_encoding"
  }

  package let code: Code
  package let detail: String

  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  package var description: String { "\(code.rawValue): \(detail)" }
}
