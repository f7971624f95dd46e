// libFuzzer target over everything that is done with the bytes of an HL7 file. Built and run by scripts/fuzz.
import Core
import Intake

/// Whatever a file holds, a message in a frame after it is read as if it were alone, and its text is no other study's.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  let encodings = ["UTF-8", "ISO-8859-1", "SHIFT_JIS", "GB18030"]
  _ = HL7Listing.list(bytes, encoding: encodings[size % encodings.count])
  // UTF-16 is one file's, not one message's.
  let isWide = bytes.prefix(2).contains { [0, 0xfe, 0xff].contains($0) }
  guard !isWide, !String(decoding: bytes, as: UTF8.self).contains("canary") else { return 0 }
  let reports = HL7Listing.list(bytes + canary.utf8, encoding: "UTF-8")["reports"]?.array ?? []
  guard reports.last == expected else { fatalError("the message after it is read in another way") }
  guard !reports.dropLast().contains(where: { $0.encoded.contains("canary") }) else {
    fatalError("its text reached another study")
  }
  return 0
}

private let canary =
  "\r\u{0b}MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5\rPID|1\rOBR|1||A9\rOBX|1|TX|I||canary\r\u{1c}\r"
private let expected: JSON = ["identifiers": .array(["A9"]), "texts": .array(["canary\n"])]
