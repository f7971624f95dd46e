/// One attribute of the allow-list: how an image was acquired, never whose it is. What is not listed here
/// never leaves the decoding worker as a tag.
public struct AcquisitionTag: Sendable {
  public enum Kind: Sendable {
    /// Decimal or integer values, each a number of its own.
    case number
    /// Coded values from a small vocabulary.
    case category
    /// Free text that PS3.15 lists as possibly identifying: only its key under the site key is kept.
    case keyed
  }

  public let keyword: String
  /// 0xggggeeee
  public let tag: UInt32
  public let kind: Kind
  /// True for what clusters are judged against (modality, body part and texts that name them).
  public let leaking: Bool
  /// How many values of a multi-valued attribute are used.
  public let values: Int

  private init(
    _ keyword: String, _ tag: UInt32, _ kind: Kind, leaking: Bool = false, values: Int = 1
  ) {
    self.keyword = keyword
    self.tag = tag
    self.kind = kind
    self.leaking = leaking
    self.values = values
  }

  /// The allow-list, in the order of the tags.
  public static let all: [AcquisitionTag] = [
    .init("ImageType", 0x0008_0008, .category, values: 4),
    .init("SOPClassUID", 0x0008_0016, .category, leaking: true),
    .init("Modality", 0x0008_0060, .category, leaking: true),
    .init("PresentationIntentType", 0x0008_0068, .category),
    .init("Manufacturer", 0x0008_0070, .category),
    .init("ManufacturerModelName", 0x0008_1090, .category),
    .init("ContrastBolusRoute", 0x0018_1040, .category),
    .init("BodyPartExamined", 0x0018_0015, .category, leaking: true),
    .init("ScanningSequence", 0x0018_0020, .category, values: 2),
    .init("SequenceVariant", 0x0018_0021, .category, values: 2),
    .init("ScanOptions", 0x0018_0022, .category, values: 2),
    .init("MRAcquisitionType", 0x0018_0023, .category),
    .init("SliceThickness", 0x0018_0050, .number),
    .init("KVP", 0x0018_0060, .number),
    .init("RepetitionTime", 0x0018_0080, .number),
    .init("EchoTime", 0x0018_0081, .number),
    .init("InversionTime", 0x0018_0082, .number),
    .init("NumberOfAverages", 0x0018_0083, .number),
    .init("ImagingFrequency", 0x0018_0084, .number),
    .init("MagneticFieldStrength", 0x0018_0087, .number),
    .init("SpacingBetweenSlices", 0x0018_0088, .number),
    .init("EchoTrainLength", 0x0018_0091, .number),
    .init("PercentSampling", 0x0018_0093, .number),
    .init("PixelBandwidth", 0x0018_0095, .number),
    .init("ProtocolName", 0x0018_1030, .keyed, leaking: true),
    .init("CineRate", 0x0018_0040, .number),
    .init("DistanceSourceToDetector", 0x0018_1110, .number),
    .init("DistanceSourceToPatient", 0x0018_1111, .number),
    .init("GantryDetectorTilt", 0x0018_1120, .number),
    .init("RotationDirection", 0x0018_1140, .category),
    .init("ExposureTime", 0x0018_1150, .number),
    .init("XRayTubeCurrent", 0x0018_1151, .number),
    .init("Exposure", 0x0018_1152, .number),
    .init("ImagerPixelSpacing", 0x0018_1164, .number, values: 2),
    .init("FocalSpots", 0x0018_1190, .number),
    .init("ConvolutionKernel", 0x0018_1210, .category),
    .init("ReceiveCoilName", 0x0018_1250, .category),
    .init("PlateType", 0x0018_1260, .category),
    .init("FlipAngle", 0x0018_1314, .number),
    .init("PatientPosition", 0x0018_5100, .category),
    .init("ViewPosition", 0x0018_5101, .category),
    .init("TransducerType", 0x0018_6031, .category),
    .init("Laterality", 0x0020_0060, .category),
    .init("ImageOrientationPatient", 0x0020_0037, .number, values: 6),
    .init("SamplesPerPixel", 0x0028_0002, .number),
    .init("PhotometricInterpretation", 0x0028_0004, .category),
    .init("NumberOfFrames", 0x0028_0008, .number),
    .init("Rows", 0x0028_0010, .number),
    .init("Columns", 0x0028_0011, .number),
    .init("PixelSpacing", 0x0028_0030, .number, values: 2),
    .init("BitsAllocated", 0x0028_0100, .number),
    .init("BitsStored", 0x0028_0101, .number),
    .init("PixelRepresentation", 0x0028_0103, .number),
    .init("BurnedInAnnotation", 0x0028_0301, .category),
    .init("WindowCenter", 0x0028_1050, .number),
    .init("WindowWidth", 0x0028_1051, .number),
    .init("RescaleIntercept", 0x0028_1052, .number),
    .init("RescaleSlope", 0x0028_1053, .number),
    .init("RescaleType", 0x0028_1054, .category),
    .init("LossyImageCompression", 0x0028_2110, .category),
    .init("NumberOfSlices", 0x0054_0081, .number),
  ]
}
