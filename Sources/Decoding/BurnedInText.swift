import Core

/// Whether a file admits text in its picture, which may name patients. Pixels are looked at, too: see `TextDetector`.
enum BurnedInText {
  /// The file says so, or doesn't clearly deny it: BurnedInAnnotation (0028,0301), Recognizable Visual Features
  /// (0028,0302).
  static func isSaid(_ file: borrowing DICOMFile) -> Bool {
    ([.burnedInAnnotation, .recognizableVisualFeatures] as [DICOMTag]).contains { tag in
      guard let value = file.string(tag), !value.isEmpty else { return false }
      return value.uppercased() != "NO"
    }
  }
}
