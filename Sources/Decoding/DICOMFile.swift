internal import CDCMTK
import Core
import Foundation

/// Must run while the process has one thread: it sets the environment variable that names DCMTK's dictionary.
package func prepareDecoding() { cdcmtk_choose_dictionary() }

/// An open DICOM file, held in memory up to 32 MiB. Elements over 4 KB of a larger file stay on disk until they are
/// needed.
struct DICOMFile: ~Copyable {
  private let handle: OpaquePointer

  /// DCMTK's codecs, registered once for the process.
  static let start: Void = cdcmtk_start()

  /// - Parameter fallbackCharset: the character set of texts that are not UTF-8 if the file names no known one.
  /// - Throws: `Rejection` with a code for what is wrong with the file.
  init(path: some FilePathConvertible, fallbackCharset: String = CharacterSetName.latin1)
    throws(Rejection)
  {
    _ = Self.start
    var opened: OpaquePointer?
    var message = [CChar](repeating: 0, count: 256)
    let code = path.filePath.withCString {
      cdcmtk_open($0, fallbackCharset, &opened, &message, message.count)
    }
    guard code == CDCMTK_OK, let opened else {
      throw Self.rejection(code, text(message))
    }
    handle = opened
  }

  deinit { cdcmtk_close(handle) }

  static func rejection(_ code: Int32, _ message: String) -> Rejection {
    switch Int(code) {
    case CDCMTK_NOT_DICOM: Rejection(.notDICOM, message)
    case CDCMTK_UNREADABLE: Rejection(.unreadable, message)
    case CDCMTK_TRUNCATED: Rejection(.truncated, "pixel data ends early")
    case CDCMTK_TOO_LARGE: Rejection(.tooLarge, message)
    case CDCMTK_NO_MEMORY: Rejection(.outOfMemory, message)
    default: Rejection(.malformed, message)
    }
  }

  /// Calls `body` with the whole file's bytes if they are held in memory, otherwise with `nil`.
  func withContent<Result>(_ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
    var length = 0
    let bytes = cdcmtk_content(handle, &length)
    return body(bytes.map { UnsafeRawBufferPointer(start: $0, count: length) })
  }

  var transferSyntax: TransferSyntax {
    TransferSyntax(uid: String(cString: cdcmtk_transfer_syntax(handle)))
  }

  /// The element in UTF-8, trimmed; `nil` when absent. With a frame, its functional groups are searched first.
  func string(_ tag: DICOMTag, frame: Int? = nil) -> String? {
    let usual = 512
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: usual) { buffer in
      let length = cdcmtk_string(handle, tag.rawValue, frame ?? -1, buffer.baseAddress, usual)
      guard length > usual else { return length < 0 ? nil : trimmed(buffer.prefix(length)) }
      var long = [UInt8](repeating: 0, count: length)
      _ = cdcmtk_string(handle, tag.rawValue, frame ?? -1, &long, length)
      return trimmed(long)
    }
  }

  /// An element of a sequence's item; `nil` when there is no such item, empty when it lacks the element.
  func string(_ tag: DICOMTag, in sequence: DICOMTag, item: Int) -> String? {
    // Identifiers are short: longer values are cut.
    let longest = 512
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { buffer in
      let length = cdcmtk_item_string(
        handle, sequence.rawValue, UInt32(item), tag.rawValue, buffer.baseAddress, longest)
      return length < 0 ? nil : trimmed(buffer.prefix(min(length, longest)))
    }
  }

  /// The first value of a decimal or integer string; `nil` if it is absent, garbled, NaN, infinite or too large for a
  /// `Float`.
  func number(_ tag: DICOMTag, frame: Int? = nil) -> Double? {
    let values = string(tag, frame: frame) ?? ""
    let number = Double(trimmed(values.utf8.prefix { $0 != UInt8(ascii: "\\") }))
    return number.flatMap { abs($0) <= Double(Float.greatestFiniteMagnitude) ? $0 : nil }
  }

  /// A 16-bit array element, in the first item of `sequence` or in the data set itself.
  func words(_ tag: DICOMTag, in sequence: DICOMTag? = nil, frame: Int? = nil) -> [UInt16]? {
    let (sequence, tag) = (sequence?.rawValue ?? 0, tag.rawValue)
    let count = cdcmtk_words(handle, sequence, tag, frame ?? -1, nil, 0)
    guard count >= 0 else { return nil }
    var words = [UInt16](repeating: 0, count: count)
    _ = cdcmtk_words(handle, sequence, tag, frame ?? -1, &words, count)
    return words
  }

  /// The text of a structured report, empty when it has none.
  var reportText: String {
    guard let text = cdcmtk_report_text(handle) else { return "" }
    defer { cdcmtk_free(text) }
    return String(cString: text)
  }

  /// The instances that a sequence refers to.
  func references(in sequence: DICOMTag) -> [String] {
    guard let uids = cdcmtk_references(handle, sequence.rawValue) else { return [] }
    defer { cdcmtk_free(uids) }
    return String(cString: uids).split(separator: "\n").map { trimmed($0.utf8) }
  }

  /// Every value of VR PN, one per line.
  var personNames: String {
    guard let names = cdcmtk_person_names(handle) else { return "" }
    defer { cdcmtk_free(names) }
    return String(cString: names)
  }

  var layout: PixelLayout {
    var pixels = cdcmtk_pixels()
    cdcmtk_describe(handle, &pixels)
    let kinds: [PixelLayout.Kind] = [.none, .integer, .float, .double]
    return PixelLayout(
      kind: kinds[Int(pixels.kind)], rows: Int(pixels.rows), columns: Int(pixels.columns),
      frames: Int(pixels.frames), samples: Int(pixels.samples),
      bitsAllocated: Int(pixels.bits_allocated),
      bitsStored: Int(pixels.bits_stored), highBit: Int(pixels.high_bit),
      isSigned: pixels.is_signed != 0, planar: pixels.planar != 0,
      photometric: string(.photometricInterpretation) ?? "", encapsulated: pixels.encapsulated != 0)
  }

  /// One frame's bytes, decoded by DCMTK; `layout` is changed to the layout of the result.
  func frame(_ index: Int, layout: inout PixelLayout) throws(PixelError) -> [UInt8] {
    var model = [CChar](repeating: 0, count: 17)
    var planar: UInt32 = layout.planar ? 1 : 0
    var message = [CChar](repeating: 0, count: 256)
    var code: Int32 = 0
    func decode(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Bool {
      code = cdcmtk_frame(
        handle, UInt32(index), buffer.baseAddress, buffer.count, &model, &planar, &message,
        message.count)
      return code == CDCMTK_OK
    }
    var bytes: [UInt8]
    if layout.encapsulated {
      // A codestream may be smaller than the declared frame.
      bytes = [UInt8](repeating: 0, count: layout.frameBytes)
      _ = bytes.withUnsafeMutableBufferPointer { decode($0) }
    } else {
      bytes = [UInt8](filling: layout.frameBytes, decode)
    }
    if code == CDCMTK_UNSUPPORTED { throw .unsupported(.transferSyntax) }
    guard code == CDCMTK_OK else {
      throw .corrupt(Self.rejection(code, "pixel data: " + text(message)))
    }
    layout.photometric = trimmed(text(model).utf8)
    layout.planar = planar != 0
    return bytes
  }

  /// A native grey frame in place in memory, valid as long as the file is open; `nil` if it has to be read or
  /// byte-swapped.
  func nativeFrame(_ index: Int, _ layout: PixelLayout) -> UnsafeRawBufferPointer? {
    guard !layout.encapsulated, layout.samples == 1, [8, 16].contains(layout.bitsAllocated),
      let bytes = cdcmtk_native(handle, UInt32(index), layout.frameBytes)
    else { return nil }
    return UnsafeRawBufferPointer(start: bytes, count: layout.frameBytes)
  }

  /// One frame's encoded bytes, its fragments joined; `nil` when they can't be found.
  func encapsulatedFrame(_ index: Int) -> [UInt8]? {
    var length = 0
    guard cdcmtk_encapsulated(handle, UInt32(index), &length, nil) == CDCMTK_OK else { return nil }
    var code: Int32 = 0
    let bytes = [UInt8](filling: length) { bytes in
      code = cdcmtk_encapsulated(handle, UInt32(index), &length, bytes.baseAddress)
      return code == CDCMTK_OK
    }
    return code == CDCMTK_OK ? bytes : nil
  }
}

/// The characters before the terminating zero.
func text(_ buffer: [CChar]) -> String {
  String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Decodes UTF-8 and trims padding (PS3.5 6.2): spaces, tabs and zeros.
func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> String {
  let isValue = { (byte: UInt8) in byte != 0x20 && byte != 0x09 && byte != 0 }
  guard let first = bytes.firstIndex(where: isValue), let last = bytes.lastIndex(where: isValue)
  else { return "" }
  return String(decoding: bytes[first...last], as: UTF8.self)
}

extension [UInt8] {
  /// `count` bytes that aren't cleared first: `body` writes all of them, or returns false for an empty array.
  init(filling count: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Bool) {
    self.init(unsafeUninitializedCapacity: count) { buffer, filled in
      filled = body(UnsafeMutableBufferPointer(rebasing: buffer[..<count])) ? count : 0
    }
  }
}
