import Core
import Foundation
import TestSupport
import Testing

@Suite struct PrivacyTests {
  @Test func `keys are HMAC-SHA256`() throws {
    let key = SiteKey(secret: Array(0..<32))
    for item in try golden("keys", in: .module)["cases"]?.array ?? [] {
      let made = key.key(item["identifier"]?.string ?? "", purpose: item["purpose"]?.string ?? "")
      #expect(made == item["key"]?.string)
    }
  }

  @Test func `the site key is made once, private, and stays`() throws {
    let folder = try TemporaryFolder()
    let first = try SiteKey.load(stateDirectory: folder.path)
    let second = try SiteKey.load(stateDirectory: folder.path)
    #expect(first.key("x", purpose: "p") == second.key("x", purpose: "p"))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/site.key")[
      .posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
  }

  @Test func `a short site key is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.file("site.key", "too short\n")
    #expect(throws: FileError.self) { try SiteKey.load(stateDirectory: folder.path) }
  }

  @Test func `a configured site key comes first, and is never replaced by another`()
    throws
  {
    let folder = try TemporaryFolder()
    let own = try SiteKey.load(stateDirectory: folder.path, file: folder.path + "/elsewhere")
    try folder.file("elsewhere", String(repeating: "k", count: 32) + "\n")
    let given = try SiteKey.load(stateDirectory: folder.path, file: folder.path + "/elsewhere")
    #expect(given.key("x", purpose: "p") != own.key("x", purpose: "p"))
    try folder.file("elsewhere", "")
    #expect(throws: FileError.self) {
      try SiteKey.load(stateDirectory: folder.path, file: folder.path + "/elsewhere")
    }
  }

  @Test func `a redacted value doesn't print`() {
    let name = Redacted("CANARY^ANNA")
    var dumped = ""
    dump(name, to: &dumped)
    for text in [
      "\(name)", String(describing: name), String(reflecting: name), "\([name])", dumped,
    ] {
      #expect(!text.contains("CANARY"))
    }
  }
}
