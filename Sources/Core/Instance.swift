/// A grey image as the encoders see it: `side` × `side` bytes, row-major, 0 dark and 255 bright.
public struct GrayImage: Sendable, Equatable {
  public let side: Int
  public let pixels: [UInt8]

  public init(side: Int, pixels: [UInt8]) {
    precondition(pixels.count == side * side)
    self.side = side
    self.pixels = pixels
  }
}

/// Values of acquisition tags by keyword; several values are joined by `\` as in DICOM.
public typealias TagValues = [String: String]

/// What a worker found in one DICOM file.
public struct DecodedInstance: Sendable {
  public var studyUID: Redacted<String>
  public var seriesUID: Redacted<String>
  /// Empty when the file has none.
  public var instanceUID: Redacted<String>
  public var accession: Redacted<String>
  /// What the file calls its patient by: PatientID and other IDs.
  public var patients: Redacted<[PatientIdentifier]>
  /// Parts of the names of patient and physicians, lower case, to be removed from texts.
  public var names: Redacted<[String]>
  public var tags: TagValues
  /// Study, series and protocol descriptions, for the body part only.
  public var descriptions: Redacted<[String]>
  public var report: StructuredReport?
  public var hasPixels: Bool
  /// Of a picture, before it was padded to a square.
  public var rows: Int
  public var columns: Int
  /// The file says that identifiers may be part of the picture.
  public var isBurnedIn: Bool
  /// What kind of picture it is implies that.
  public var isTextLikely: Bool
  /// How the pixels were decoded (`native`, `rle`, `jpeg`, …), or why they were not.
  public var decodePath: String
  /// Digest of the whole file, hexadecimal.
  public var digest: String
  /// How many grey images came with it.
  public var imageCount: Int

  public init(
    studyUID: String, seriesUID: String, instanceUID: String, accession: String,
    patients: [PatientIdentifier],
    names: [String],
    tags: TagValues, descriptions: [String], report: StructuredReport?, hasPixels: Bool,
    rows: Int, columns: Int, isBurnedIn: Bool, isTextLikely: Bool,
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
    self.isTextLikely = isTextLikely
    self.decodePath = decodePath
    self.digest = digest
    self.imageCount = imageCount
  }
}

/// Why a file could not be used. The code is stable and documented; the detail is for people and never
/// holds a value out of the file.
public struct Rejection: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
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

  public let code: Code
  public let detail: String

  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  public var description: String { "\(code.rawValue): \(detail)" }
}
