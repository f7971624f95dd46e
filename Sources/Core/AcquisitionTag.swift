/// One attribute of the allow-list: how an image was acquired, never whose it is. Attributes that are not listed never
/// leave the decoding worker as tags.
package struct AcquisitionTag: Sendable {
  package enum Kind: Sendable {
    /// Decimal or integer values, each a number of its own.
    case number
    /// Coded values from a small vocabulary.
    case category
    /// Free text that PS3.15 lists as possibly identifying: only its key under the site key is kept.
    case keyed
  }

  package let keyword: String
  package let tag: DICOMTag
  package let kind: Kind
  /// True for attributes that clusters are judged against (modality, body part and texts that name them).
  package let leaking: Bool
  /// How many values of a multi-valued attribute are used.
  package let values: Int

  private init(
    _ keyword: String, _ tag: DICOMTag, _ kind: Kind, leaking: Bool = false, values: Int = 1
  ) {
    self.keyword = keyword
    self.tag = tag
    self.kind = kind
    self.leaking = leaking
    self.values = values
  }

  /// The allow-list, in the order of the tags.
  package static let all: [AcquisitionTag] = [
    .init("ImageType", .imageType, .category, values: 4),
    .init("SOPClassUID", .sopClassUID, .category, leaking: true),
    .init("Modality", .modality, .category, leaking: true),
    .init("PresentationIntentType", .presentationIntentType, .category),
    .init("Manufacturer", .manufacturer, .category),
    .init("ManufacturerModelName", .manufacturerModelName, .category),
    .init("ContrastBolusRoute", .contrastBolusRoute, .category),
    .init("BodyPartExamined", .bodyPartExamined, .category, leaking: true),
    .init("ScanningSequence", .scanningSequence, .category, values: 2),
    .init("SequenceVariant", .sequenceVariant, .category, values: 2),
    .init("ScanOptions", .scanOptions, .category, values: 2),
    .init("MRAcquisitionType", .mrAcquisitionType, .category),
    .init("SliceThickness", .sliceThickness, .number),
    .init("KVP", .kvp, .number),
    .init("RepetitionTime", .repetitionTime, .number),
    .init("EchoTime", .echoTime, .number),
    .init("InversionTime", .inversionTime, .number),
    .init("NumberOfAverages", .numberOfAverages, .number),
    .init("ImagingFrequency", .imagingFrequency, .number),
    .init("MagneticFieldStrength", .magneticFieldStrength, .number),
    .init("SpacingBetweenSlices", .spacingBetweenSlices, .number),
    .init("EchoTrainLength", .echoTrainLength, .number),
    .init("PercentSampling", .percentSampling, .number),
    .init("PixelBandwidth", .pixelBandwidth, .number),
    .init("ProtocolName", .protocolName, .keyed, leaking: true),
    .init("CineRate", .cineRate, .number),
    .init("DistanceSourceToDetector", .distanceSourceToDetector, .number),
    .init("DistanceSourceToPatient", .distanceSourceToPatient, .number),
    .init("GantryDetectorTilt", .gantryDetectorTilt, .number),
    .init("RotationDirection", .rotationDirection, .category),
    .init("ExposureTime", .exposureTime, .number),
    .init("XRayTubeCurrent", .xRayTubeCurrent, .number),
    .init("Exposure", .exposure, .number),
    .init("ImagerPixelSpacing", .imagerPixelSpacing, .number, values: 2),
    .init("FocalSpots", .focalSpots, .number),
    .init("ConvolutionKernel", .convolutionKernel, .category),
    .init("ReceiveCoilName", .receiveCoilName, .category),
    .init("PlateType", .plateType, .category),
    .init("FlipAngle", .flipAngle, .number),
    .init("PatientPosition", .patientPosition, .category),
    .init("ViewPosition", .viewPosition, .category),
    .init("TransducerType", .transducerType, .category),
    .init("Laterality", .laterality, .category),
    .init("ImageOrientationPatient", .imageOrientationPatient, .number, values: 6),
    .init("SamplesPerPixel", .samplesPerPixel, .number),
    .init("PhotometricInterpretation", .photometricInterpretation, .category),
    .init("NumberOfFrames", .numberOfFrames, .number),
    .init("Rows", .rows, .number),
    .init("Columns", .columns, .number),
    .init("PixelSpacing", .pixelSpacing, .number, values: 2),
    .init("BitsAllocated", .bitsAllocated, .number),
    .init("BitsStored", .bitsStored, .number),
    .init("PixelRepresentation", .pixelRepresentation, .number),
    .init("BurnedInAnnotation", .burnedInAnnotation, .category),
    .init("WindowCenter", .windowCenter, .number),
    .init("WindowWidth", .windowWidth, .number),
    .init("RescaleIntercept", .rescaleIntercept, .number),
    .init("RescaleSlope", .rescaleSlope, .number),
    .init("RescaleType", .rescaleType, .category),
    .init("LossyImageCompression", .lossyImageCompression, .category),
    .init("NumberOfSlices", .numberOfSlices, .number),
  ]
}
