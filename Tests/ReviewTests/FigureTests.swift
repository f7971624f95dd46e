import Testing

@testable import Review

@Suite struct FigureTests {
  @Test(
    arguments: [
      (0, 10, "0"), (1, 10, "10"), (2, 3, "67"), (1, 3, "33"), (995, 1_000, "&gt;99"),
      (1, 1_000, "&lt;1"), (1_000, 1_000, "100"), (0, 0, "0"),
    ])
  func `per cents are rounded, and some is neither none nor all`(
    _ part: Int, _ whole: Int, _ text: String
  ) {
    #expect(Figure.percent(part, of: whole) == text + "&nbsp;%")
  }

  @Test(arguments: [(7, "7"), (1_337, "1,337"), (1_337_926, "1,337,926")])
  func `counts have separators`(_ number: Int, _ text: String) {
    #expect(Figure.count(number) == text)
  }
}
