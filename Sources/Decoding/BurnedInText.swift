import Core

/// Whether a picture may have text in it, of which some names patients.
enum BurnedInText {
  /// The file says so: BurnedInAnnotation (0028,0301), or Recognizable Visual Features (0028,0302).
  static func isSaid(_ file: borrowing DICOMFile) -> Bool {
    [0x0028_0301, 0x0028_0302].contains { file.string($0)?.uppercased() == "YES" }
  }

  /// What the picture is implies it, whatever the file says: ultrasound, secondary captures, films and screens.
  static func isLikely(_ file: borrowing DICOMFile) -> Bool {
    let sopClass = file.string(0x0008_0016) ?? ""
    let modality = file.string(0x0008_0060)?.uppercased() ?? ""
    let imageType = (file.string(0x0008_0008) ?? "").uppercased()
    return classes.contains { sopClass == $0 || sopClass.hasPrefix($0 + ".") }
      || modalities.contains(modality) || file.string(0x0008_0064)?.isEmpty == false
      || words.contains { imageType.contains($0) }
  }

  /// Ultrasound, and Secondary Capture of every kind; both also as they were called before 1998.
  private static let classes = [
    "1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.5.1.4.1.1.7",
  ]
  /// PS3.3 C.7.3.1.1.1. Of documents, screens, films and cameras, too.
  private static let modalities: Set<String> = [
    "US", "IVUS", "BDUS", "EC", "CD", "DD", "DOC", "OT", "SC", "DF", "FILM", "DG", "HD", "ECG",
    "ES",
    "GM", "XC", "VA", "LP", "CP", "CF", "VF", "DS", "BI", "SR", "KO", "PR",
  ]
  /// In Image Type (0008,0008).
  private static let words = [
    "SCREEN", "CAPTURE", "DISPLAY", "DOSE", "REPORT", "SUMMARY", "RESULT TABLE", "CURVE", "PRINT",
    "FILM",
  ]
}
