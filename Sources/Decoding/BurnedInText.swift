import Core

/// Whether a picture may have text in it, of which some names patients.
enum BurnedInText {
  /// The file says so, or doesn't say no plainly: BurnedInAnnotation (0028,0301), Recognizable Visual Features
  /// (0028,0302).
  static func isSaid(_ file: borrowing DICOMFile) -> Bool {
    ([.burnedInAnnotation, .recognizableVisualFeatures] as [DICOMTag]).contains { tag in
      guard let value = file.string(tag), !value.isEmpty else { return false }
      return value.uppercased() != "NO"
    }
  }

  /// What the picture is implies it, whatever the file says. What is not known to come as it left the detector is
  /// taken for an ultrasound, a screen, a film or a document.
  static func isLikely(_ file: borrowing DICOMFile) -> Bool {
    let sopClass = file.string(.sopClassUID) ?? ""
    let modality = file.string(.modality)?.uppercased() ?? ""
    let imageType = (file.string(.imageType) ?? "").uppercased()
    return classes.contains { sopClass == $0 || sopClass.hasPrefix($0 + ".") }
      || !plain.contains(modality) || file.string(.conversionType)?.isEmpty == false
      || words.contains { imageType.contains($0) }
  }

  /// Ultrasound, Secondary Capture of every kind, both also as they were called before 1998, and hardcopy.
  private static let classes = [
    "1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.1.29", "1.2.840.10008.5.1.1.30",
  ]
  /// Modalities whose pictures have no text as a rule.
  private static let plain: Set<String> = [
    "CT", "MR", "CR", "DX", "MG", "XA", "RF", "RG", "NM", "PT", "PX", "IO", "RTIMAGE", "MA", "MS",
  ]
  /// In Image Type (0008,0008).
  private static let words = [
    "SCREEN", "CAPTURE", "DISPLAY", "DOSE", "REPORT", "SUMMARY", "RESULT TABLE", "CURVE", "PRINT",
    "FILM", "LABEL", "PROTOCOL", "TEXT", "SNAPSHOT", "PASTED", "TABLE", "GRAPH", "CHART",
  ]
}
