import Core

/// Whether a picture may contain text, some of which names patients.
enum BurnedInText {
  /// The file says so, or doesn't clearly deny it: BurnedInAnnotation (0028,0301), Recognizable Visual Features
  /// (0028,0302).
  static func isSaid(_ file: borrowing DICOMFile) -> Bool {
    ([.burnedInAnnotation, .recognizableVisualFeatures] as [DICOMTag]).contains { tag in
      guard let value = file.string(tag), !value.isEmpty else { return false }
      return value.uppercased() != "NO"
    }
  }

  /// The kind of picture implies it, whatever the file says. A picture not known to come straight from a detector is
  /// treated as an ultrasound image, a screen, a film or a document.
  static func isLikely(_ file: borrowing DICOMFile) -> Bool {
    let sopClass = file.string(.sopClassUID) ?? ""
    let modality = file.string(.modality)?.uppercased() ?? ""
    let imageType = (file.string(.imageType) ?? "").uppercased()
    return classes.contains { sopClass == $0 || sopClass.hasPrefix($0 + ".") }
      || !plain.contains(modality) || file.string(.conversionType)?.isEmpty == false
      || words.contains { imageType.contains($0) }
  }

  /// Ultrasound and Secondary Capture of every kind, both with their UIDs from before 1998, too, and hardcopy.
  private static let classes = [
    "1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.1.29", "1.2.840.10008.5.1.1.30",
  ]
  /// Modalities whose pictures usually contain no text.
  private static let plain: Set<String> = [
    "CT", "MR", "CR", "DX", "MG", "XA", "RF", "RG", "NM", "PT", "PX", "IO", "RTIMAGE", "MA", "MS",
  ]
  /// Words in Image Type (0008,0008).
  private static let words = [
    "SCREEN", "CAPTURE", "DISPLAY", "DOSE", "REPORT", "SUMMARY", "RESULT TABLE", "CURVE", "PRINT",
    "FILM", "LABEL", "PROTOCOL", "TEXT", "SNAPSHOT", "PASTED", "TABLE", "GRAPH", "CHART",
  ]
}
