import Core
import Foundation
import TestSupport
import Testing

@Suite struct FilePathTests {
  @Test(
    arguments: [
      ([0x67, 0x72, 0xfc, 0x6e], "gr%FCn", "gr%FCn"),
      ([0x67, 0x72, 0xc3, 0xbc, 0x6e], "gr\u{fc}n", "gr\u{fc}n"),
      ([0xff, 0xfe], "%FF%FE", "%FF%FE"),
      ([0x61, 0x0a, 0x62], "a\nb", "a%0Ab"), ([0x25, 0x34, 0x31], "%2541", "%2541"),
      ([0x35, 0x25], "5%", "5%"), ([0x25, 0x46, 0xfc], "%F%FC", "%F%FC"), ([0xc3], "%C3", "%C3"),
      ([0xed, 0xa0, 0x80], "%ED%A0%80", "%ED%A0%80"),
      ([0xe2, 0x80, 0xa8], "\u{2028}", "%E2%80%A8"), ([], "", ""),
    ] as [([UInt8], String, String)])
  func `its texts are lossless`(_ bytes: [UInt8], _ text: String, _ description: String) {
    let path = FilePath(bytes)
    #expect(path.text == text)
    #expect(path.description == description)
    #expect(Self.decoded(text) == bytes)
    #expect(Self.decoded(description) == bytes)
  }

  /// Percent-decoding as any library does it.
  private static func decoded(_ text: String) -> [UInt8] {
    var rest = Array(text.utf8)[...]
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == 0x25, digits.count == 2, let code = UInt8(digits, radix: 16) {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  @Test func `names that are equal as Strings are two paths`() {
    #expect(FilePath("\u{e9}".utf8) != FilePath("e\u{301}".utf8))
    #expect(FilePath([0xfe]) != FilePath([0xff]))
    #expect(FilePath([0xfe]) < FilePath([0xff]))
  }

  @Test func `a path in UTF-8 has the same key as its text`() {
    let key = SiteKey(secret: Array(repeating: 7, count: 32))
    for path in ["/in/a.dcm", "/in/gr\u{fc}n", ""] {
      #expect(key.key(path.filePath) == key.key(path, purpose: "path"))
    }
  }

  @Test func `parts of a path`() {
    let path: FilePath = "/in//a/b.Txt"
    #expect(FilePath(path.lastComponent) == "b.Txt")
    #expect(path.parent == "/in//a")
    #expect(path.relative(to: "/in") == "a/b.Txt")
    #expect(path.isBelow("/in") && !path.isBelow("/i") && !path.isBelow(path))
    #expect(path.ends(in: ".txt") && !path.ends(in: "xx.txt"))
  }
}
