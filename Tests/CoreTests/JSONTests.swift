import Core
import Testing

@Suite struct JSONTests {
  @Test func `members keep their order`() {
    let value: JSON = ["seq": 1, "b": true, "a": [1, .null], "text": "x"]
    #expect(value.encoded == #"{"seq":1,"b":true,"a":[1,null],"text":"x"}"#)
  }

  @Test(arguments: ["", "\"\\", "line\nend", "\u{1}\u{7f}", "žćč — ü", "🩻"])
  func `strings survive a round trip`(_ text: String) throws {
    let parsed = try JSON(parsing: JSON.object([("t", .string(text))]).encoded)
    #expect(parsed["t"]?.string == text)
    #expect(!JSON.string(text).encoded.contains("\n"), "a line of the log must stay one line")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `numbers that JSON can't hold become null`(_ value: Double) {
    #expect(JSON.double(value).encoded == "null")
    #expect(JSON.figure(value).encoded == "null")
  }

  @Test func `numbers are rounded to six significant digits`() {
    #expect(JSON.figure(1.23456789).encoded == "1.23457")
    #expect(JSON.figure(0).encoded == "0.0")
    #expect(JSON.figure(-123_456_789).encoded == "-123457000.0")
  }

  @Test(arguments: ["{", "", "[1", "nul"])
  func `invalid JSON is refused`(_ text: String) {
    #expect(throws: (any Error).self) { try JSON(parsing: text) }
  }
}
