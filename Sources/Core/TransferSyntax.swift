/// How a DICOM file's data set and pixels are encoded (PS3.5 Annex A).
package struct TransferSyntax: Sendable, Hashable {
  /// What decodes the pixels. Raw values are the `decode_path` of annotations.
  package enum Codec: String, Sendable, CaseIterable {
    /// No compression.
    case native
    /// The whole data set is deflated.
    case deflated
    case rle
    case jpeg
    case jpegLossless = "jpeg-lossless"
    case jpegLS = "jpeg-ls"
    case jpeg2000
    case htj2k
  }

  package let uid: String

  package init(uid: String) { self.uid = uid }

  package static let implicitVRLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2")
  package static let explicitVRLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2.1")
  package static let deflatedExplicitVRLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2.1.99")
  package static let rleLossless = TransferSyntax(uid: "1.2.840.10008.1.2.5")
  package static let jpegLossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.57")
  /// Selection value 1.
  package static let jpegLosslessSV1 = TransferSyntax(uid: "1.2.840.10008.1.2.4.70")
  package static let jpegLSLossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.80")
  package static let jpegLSNearLossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.81")
  package static let jpeg2000Lossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.90")
  package static let jpeg2000 = TransferSyntax(uid: "1.2.840.10008.1.2.4.91")
  package static let htj2kLossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.201")
  package static let htj2kLosslessRPCL = TransferSyntax(uid: "1.2.840.10008.1.2.4.202")
  package static let htj2k = TransferSyntax(uid: "1.2.840.10008.1.2.4.203")

  /// Every other syntax below it is a JPEG process of ITU-T T.81, or unknown.
  private static let jpegRoot = "1.2.840.10008.1.2.4."

  package var codec: Codec {
    switch self {
    case .deflatedExplicitVRLittleEndian: .deflated
    case .rleLossless: .rle
    case .jpegLSLossless, .jpegLSNearLossless: .jpegLS
    case .jpegLossless, .jpegLosslessSV1: .jpegLossless
    case .jpeg2000Lossless, .jpeg2000: .jpeg2000
    case .htj2kLossless, .htj2kLosslessRPCL, .htj2k: .htj2k
    case _ where uid.hasPrefix(Self.jpegRoot): .jpeg
    // Implicit and explicit VR, private native syntaxes, and data sets without meta header.
    default: .native
    }
  }
}
