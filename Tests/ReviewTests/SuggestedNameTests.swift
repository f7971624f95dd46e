import Core
import Testing

@testable import Review

@Suite struct SuggestedNameTests {
  private static func name(
    _ modality: [String: Int], _ part: [String: Int], _ words: [String], taken: Set<String> = []
  ) -> String {
    SuggestedName(
      modality: Mix(modality), bodyPart: Mix(part), words: words, label: "c0017", besides: taken
    ).text
  }

  @Test func `modality, body part and telling words make a name`() {
    #expect(
      Self.name(["CT": 9, "MR": 1], ["CHEST": 8, "unknown": 2], ["effusion", "pleural"])
        == "CT chest: effusion, pleural")
  }

  @Test func `fillers and what is said already are left out`() {
    #expect(
      Self.name(["CT": 1], ["CHEST": 1], ["yes", "chest", "ct", "keine", "nodule", "bez"])
        == "CT chest: nodule")
  }

  @Test func `two values that cover two in three are named, and none if no two do`() {
    #expect(
      Self.name(["MR": 1], ["KNEE": 4, "SPINE": 3, "HEAD": 2, "HIP": 1], ["tear"])
        == "MR knee and spine: tear")
    #expect(
      Self.name(["MR": 1], ["A": 1, "B": 1, "C": 1, "D": 1], ["tear"]) == "MR: tear")
    #expect(Self.name(["A": 1, "B": 1, "C": 1, "D": 1], [:], []) == "several modalities")
  }

  @Test func `no two clusters are offered the same name`() {
    let words = ["mass", "node", "lymph", "cell", "liver"]
    let first = Self.name(["CT": 1], ["CHEST": 1], words)
    let second = Self.name(["CT": 1], ["CHEST": 1], words, taken: [first.lowercased()])
    #expect(first == "CT chest: mass, node, lymph" && second == "CT chest: mass, node, cell")
    let last = Self.name(["CT": 1], ["CHEST": 1], [], taken: ["ct chest"])
    #expect(last == "CT chest (c0017)")
  }

  @Test(arguments: ["=CMD()", "a\u{202e}b", "\u{0}"])
  func `a value that is no name gives way to the label`(_ value: String) {
    let name = Self.name([value: 1], [:], [])
    #expect(name == "c0017" && ClusterName(name) != nil)
  }
}
