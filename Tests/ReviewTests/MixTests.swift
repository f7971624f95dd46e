import Testing

@testable import Review

@Suite struct MixTests {
  @Test(
    arguments: [
      (["CT": 4, "MR": 6], "MR"), (["CT": 2, "MR": 2, "US": 1], "CT"),
      (["CT": 3, "MR": 3, "US": 3], nil), (["unknown": 9, "CT": 1], nil), ([:], nil),
    ] as [([String: Int], String?)])
  func `a value leads when two of five units have it`(_ counts: [String: Int], _ most: String?) {
    #expect(Mix(counts).most == most)
  }

  @Test func `shares come by size, then by name`() {
    let mix = Mix(["b": 2, "a": 2, "c": 5])
    #expect(mix.shares.map(\.value) == ["c", "a", "b"] && mix.total == 9)
  }

  @Test func `a bar has a part for each value and says the largest in words`() {
    let mix = Mix(["CT": 3, "<MR>": 1])
    let bar = Palette(mix).bar(mix, words: 1)
    #expect(bar.contains("width:75") && bar.contains("width:25"))
    #expect(bar.contains("CT 75"))
    #expect(!bar.contains("<MR>"))
  }

  @Test func `values beyond the palette share one colour`() {
    let mix = Mix(
      Dictionary(uniqueKeysWithValues: (0...Style.hues).map { ("v\($0)", 100 - $0) }))
    let palette = Palette(mix)
    #expect(palette.number("v0") == 0)
    #expect(palette.number("v\(Style.hues)") == Style.hues)
    #expect(palette.legend.contains("other"))
  }
}
