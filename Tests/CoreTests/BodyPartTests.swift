import Core
import Foundation
import Testing

@Suite struct BodyPartTests {
  private static let rules: BodyPartRules? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent()
    return try? BodyPartRules(
      contentsOf: root.appendingPathComponent("config/body-parts.toml").path)
  }()

  @Test(
    arguments: [
      ("CHEST", [], "CHEST"), ("", ["CT thorax nativ"], "CHEST"),
      (nil, ["MR koljena"], "EXTREMITY"),
      ("LSPINE", ["MR abdomen"], "SPINE"), (nil, ["RTG zdjelice i kukova"], "PELVIS"),
      ("XYZ", [], "other"), ("HORVAT", [], "other"),
      (nil, ["Schädel-CT"], "HEAD"), ("", [], nil), (nil, ["protocol 7"], nil),
      (nil, ["Pluća p.a."], "CHEST"),
    ] as [(String?, [String], String?)])
  func `the body part is read from several languages`(
    _ examined: String?, _ descriptions: [String], _ expected: String?
  ) throws {
    let rules = try #require(Self.rules)
    #expect(rules.bodyPart(examined: examined, descriptions: descriptions) == expected)
  }

  @Test(arguments: [
    ("UROGENITAL", "UROGENITAL"), ("KNEE", "KNEE"), ("other", "other"), ("DOE JANE", "other"),
    ("", ""),
  ])
  func `a value stored by an earlier version is shown only if it is a code`(
    _ stored: String, _ shown: String
  ) throws {
    #expect(try #require(Self.rules).shown(stored) == shown)
  }
}
