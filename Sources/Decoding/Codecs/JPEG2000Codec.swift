internal import COpenJPEG
import Core

/// JPEG 2000 and HTJ2K, by OpenJPEG.
enum JPEG2000Codec {
  /// - Parameter halvings: how often rows and columns may be halved if the codestream offers it.
  static func decode(
    _ file: borrowing DICOMFile, _ index: Int, _ layout: inout PixelLayout, _ halvings: Int
  ) throws(PixelError) -> [UInt8] {
    let encoded = try Codestream.bytes(file, index, &layout)
    var samples = [UInt8](repeating: 0, count: layout.frameBytes)
    var precision: UInt32 = 0
    var isSigned: UInt32 = 0
    func attempt(_ levels: inout UInt32) -> Int32 {
      copenjpeg_decode(
        encoded, encoded.count, UInt32(layout.columns), UInt32(layout.rows), UInt32(layout.samples),
        UInt32(layout.bitsAllocated / 8), &levels, &samples, &precision, &isSigned)
    }
    var levels = UInt32(halvings)
    var code = attempt(&levels)
    if code == COPENJPEG_MALFORMED && levels > 0 {
      // A tile may have fewer resolutions than the main header says.
      levels = 0
      code = attempt(&levels)
    }
    try Codestream.check(
      code == COPENJPEG_OK, outOfMemory: code == COPENJPEG_NO_MEMORY, "JPEG 2000")
    layout.planar = false
    layout.rows = (layout.rows - 1) >> Int(levels) + 1
    layout.columns = (layout.columns - 1) >> Int(levels) + 1
    layout.halvings = Int(levels)
    // The decoder has undone the multiple component transformation.
    if ["YBR_RCT", "YBR_ICT"].contains(layout.photometric) { layout.photometric = "RGB" }
    if layout.samples == 1 {
      // If both agree on the sign, the values are complete as they are, including those above BitsStored. If they
      // don't, the codestream's bits are read with the data set's sign.
      let whole = layout.isSigned == (isSigned != 0) || Int(precision) > layout.bitsAllocated
      layout.bitsStored = whole ? layout.bitsAllocated : max(1, Int(precision))
      layout.highBit = layout.bitsStored - 1
    }
    return samples
  }
}
