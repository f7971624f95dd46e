import Core
import Glibc

/// Reads one file: identifiers, acquisition tags, report text and a few frames as small grey images.
package enum InstanceDecoder {
  package struct Parameters: Sendable {
    /// Side of the grey images, pixels.
    package var side: Int
    /// The most frames taken from one instance.
    package var frames: Int
    /// Whether grey values have 16 bits: each frame then gives an image of their upper and one of their lower bytes.
    package var isDeep: Bool
    /// The character set of texts that are not UTF-8 if the file names no known one.
    package var fallbackCharset: String
    /// What becomes of frames with text in them.
    package var text: TextTreatment

    package init(
      side: Int, frames: Int, isDeep: Bool = false, text: TextTreatment = .keep,
      fallbackCharset: String = CharacterSetName.latin1
    ) {
      self.side = side
      self.frames = frames
      self.isDeep = isDeep
      self.text = text
      self.fallbackCharset = fallbackCharset
    }

    /// Bytes of all images together.
    var imageBytes: Int { frames * side * side * (isDeep ? 2 : 1) }
  }

  /// Texts that may name the body part.
  private static let descriptions: [DICOMTag] = [
    .protocolName, .seriesDescription, .studyDescription, .requestedProcedureDescription,
  ]

  /// - Throws: `Rejection` when the file is not a usable DICOM instance. Unsupported pixels don't reject it: the
  ///   instance has no images, and `decodePath` says why.
  package static func decode(_ path: some FilePathConvertible, _ parameters: Parameters)
    throws(Rejection)
    -> (instance: DecodedInstance, images: [GreyImage])
  {
    let open = try OpenInstance(path, parameters)
    return (open.instance, open.images)
  }

  /// - Parameter kept: set to the middle frame if it was decoded.
  static func decode(
    _ file: borrowing DICOMFile, _ path: some FilePathConvertible, _ parameters: Parameters,
    kept: inout KeptFrame?
  ) throws(Rejection) -> (instance: DecodedInstance, images: [GreyImage]) {
    if file.string(.mediaStorageSOPClassUID) == SOPClass.mediaStorageDirectory
      || file.string(.fileSetID) != nil
    {
      throw Rejection(.dicomDirectory, "a DICOMDIR lists files and has no image of its own")
    }
    guard let study = file.string(.studyInstanceUID), !study.isEmpty else {
      throw Rejection(.missingStudyUID, "no StudyInstanceUID: the file belongs to no study")
    }
    let layout = file.layout
    let frames = try FrameSampler.images(file, layout, parameters, kept: &kept)
    let names = NameWords.of(file.personNames)
    let isReport = layout.kind == .none && file.string(.modality) == "SR"
    let instance = DecodedInstance(
      studyUID: study, seriesUID: file.string(.seriesInstanceUID) ?? "",
      instanceUID: file.string(.sopInstanceUID) ?? "",
      accession: file.string(.accessionNumber) ?? "",
      patients: patients(file),
      names: names, tags: tags(file, without: names),
      descriptions: Self.descriptions.compactMap {
        file.string($0)
      },
      report: isReport ? file.report : nil, hasPixels: layout.kind != .none,
      rows: layout.rows, columns: layout.columns, isBurnedIn: BurnedInText.isSaid(file),
      maskedImages: frames.masked, decodePath: frames.path,
      digest: try digest(file, path), imageCount: frames.images.count)
    return (instance, frames.images)
  }

  /// PatientID, Other Patient IDs (retired, several values), and the items of Other Patient IDs Sequence; each with its
  /// issuer or the issuer's universal ID, if named (PS3.3 C.2.2 and C.2.3).
  private static func patients(_ file: borrowing DICOMFile) -> [PatientIdentifier] {
    var found: [PatientIdentifier] = []
    func note(_ number: String?, _ issuer: String?, _ universal: String?) {
      let issuer = issuer.flatMap { $0.isEmpty ? nil : $0 } ?? universal ?? ""
      if let number, let patient = PatientIdentifier(number: number, issuer: issuer) {
        found.append(patient)
      }
    }
    note(
      file.string(.patientID), file.string(.issuerOfPatientID),
      file.string(.universalEntityID, in: .issuerOfPatientIDQualifiersSequence, item: 0))
    for number in (file.string(.otherPatientIDs) ?? "").split(separator: "\\") {
      note(String(number), nil, nil)
    }
    var item = 0
    while item < 64, let number = file.string(.patientID, in: .otherPatientIDsSequence, item: item)
    {
      note(number, file.string(.issuerOfPatientID, in: .otherPatientIDsSequence, item: item), nil)
      item += 1
    }
    return found
  }

  private static func tags(_ file: borrowing DICOMFile, without names: [String]) -> TagValues {
    var values: TagValues = [:]
    // Short names occur in too many other words.
    let names = names.filter { $0.utf8.count >= 3 }
    for attribute in AcquisitionTag.all {
      guard let value = file.string(attribute.tag, frame: 0), !value.isEmpty else { continue }
      let cleaned = cleaned(value, values: attribute.values)
      guard attribute.kind == .number || !cleaned.lowercased().holds(oneOf: names) else { continue }
      values[attribute.keyword] = cleaned
    }
    return values
  }

  /// The first `values` values, at most 64 characters of each.
  private static func cleaned(_ value: String, values: Int) -> String {
    // Most attributes have one value, which is already trimmed.
    if value.utf8.count <= 64 && !value.utf8.contains(UInt8(ascii: "\\")) { return value }
    let parts = value.split(separator: "\\", omittingEmptySubsequences: false).prefix(values)
    return parts.map { String(trimmed($0.utf8).prefix(64)) }.joined(separator: "\\")
  }

  private static func digest(_ file: borrowing DICOMFile, _ path: some FilePathConvertible)
    throws(Rejection)
    -> String
  {
    if let digest = file.withContent({ $0.map(ContentDigest.of) }) { return digest }
    do throws(FileError) {
      return try ContentDigest.of(file: path)
    } catch {
      throw Rejection(.unreadable, "the file could not be read to its end")
    }
  }
}

extension String {
  /// Whether this text contains one of `parts`. Uses C's search for ASCII without a zero: the standard library's costs
  /// more than reading all other tags.
  fileprivate func holds(oneOf parts: [String]) -> Bool {
    guard utf8.allSatisfy({ 0 < $0 && $0 < 0x80 }) else { return parts.contains(where: contains) }
    return parts.contains { strstr(self, $0) != nil }
  }
}
