import Testing

@testable import Core

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("stauts", "status"), ("recluter", "recluster"), ("quarantin", "quarantine"),
    ("Reports", "report"), ("gen", "generations"), ("c0071", "c0017"),
  ])
  func `a mistyped word suggests the known one`(_ word: String, _ meant: String) {
    let known = ["status", "recluster", "quarantine", "report", "generations", "c0017", "c0203"]
    #expect(Suggestion.nearest(word, among: known) == meant)
    #expect(Suggestion.text(word, among: known) == "; did you mean \(meant)?")
  }

  @Test(arguments: ["fly", "", "x", "re"])
  func `a word that resembles none, or several alike, suggests nothing`(_ word: String) {
    #expect(Suggestion.nearest(word, among: ["status", "recluster", "report"]) == nil)
    #expect(Suggestion.text(word, among: ["status", "recluster", "report"]).isEmpty)
  }

  @Test(arguments: [("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3)])
  func `edits are insertions, deletions, replacements and swaps`(
    _ word: String, _ other: String, _ edits: Int
  ) {
    #expect(Suggestion.edits(from: word, to: other) == edits)
    #expect(Suggestion.edits(from: other, to: word) == edits)
  }
}
