import Core

/// A frame as it was decoded, at its full size. Its greys may point into the file's memory.
struct KeptFrame {
  var greys: Greys<UInt8>
  var layout: PixelLayout
}

/// A decoded file that stays open, so that its picture can be made without reading it again.
final class OpenInstance {
  let instance: DecodedInstance
  let images: [GreyImage]
  private let file: DICOMFile
  private let middle: KeptFrame?

  /// - Throws: `Rejection` when the file is not a usable DICOM instance.
  init(_ path: some FilePathConvertible, _ parameters: InstanceDecoder.Parameters) throws(Rejection)
  {
    let file = try DICOMFile(path: path, fallbackCharset: parameters.fallbackCharset)
    var kept: KeptFrame?
    (instance, images) = try InstanceDecoder.decode(file, path, parameters, kept: &kept)
    middle = kept
    self.file = file
  }

  /// The middle frame as people may see it: examined for text at full size, its edges black, where devices write names.
  ///
  /// - Returns: `nil` when text was found, the file says that there is some, or the frame can't be read.
  func picture(side: Int, _ treatment: TextTreatment) -> GreyImage? {
    guard !instance.isBurnedIn, let frame = try? middle ?? decoded() else { return nil }
    let (rows, columns) = (frame.layout.rows, frame.layout.columns)
    let examined = ExaminedFrame(frame.greys, rows: rows, columns: columns, treatment)
    guard let greys = examined.greys else { return nil }
    let picture = GreyImage(padding: greys, rows: rows, columns: columns, side: side)
    return picture.isConstant ? nil : picture.maskingBorder(rows: rows, columns: columns)
  }

  private func decoded() throws(PixelError) -> KeptFrame {
    var layout = file.layout
    try layout.check()
    let palette = Palette(file, layout)
    let greys: Greys<UInt8> = try FrameDecoder.grey(file, layout.middleFrame, &layout, palette)
    return KeptFrame(greys: greys, layout: layout)
  }
}
