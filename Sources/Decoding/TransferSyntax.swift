/// Short names of the ways in which pixels are decoded, as they stand in annotations.
enum TransferSyntax {
  static func decodePath(_ uid: String) -> String {
    switch uid {
    case "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2": "native"
    case "1.2.840.10008.1.2.1.99": "deflated"
    case "1.2.840.10008.1.2.5": "rle"
    case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81": "jpeg-ls"
    case "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70": "jpeg-lossless"
    case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91": "jpeg2000"
    case "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203": "htj2k"
    case _ where uid.hasPrefix("1.2.840.10008.1.2.4."): "jpeg"
    // Private native syntaxes and data sets without meta header.
    default: "native"
    }
  }
}
