import Core
import Testing

@testable import Review

@Suite struct LineageDiagramTests {
  private static let figure = LineageDiagram(
    (before: 1, after: 2), [1: [(1, 30), (2, 50)], 2: [(1, 30), (3, 20), (4, 30)]],
    [
      ["generation": 2, "cluster": "c0002", "fate": "split", "heirs": ["c0003", "c0004"]],
      ["generation": 1, "cluster": "c0001", "fate": "split", "heirs": ["c0004"]],
    ]
  ).figure

  @Test func `it is drawn at its own size, however wide the page is`() throws {
    let size = try #require(Self.figure.firstMatch(of: /width="([\d.]+)" viewBox="0 0 ([\d.]+)\s/))
    #expect(size.1 == size.2)
    #expect(Self.figure.contains("class=\"natural\""))
  }

  @Test func `bands show who survived and who split`() {
    for band in ["c0001 → c0001", "c0002 → c0003", "c0002 → c0004"] {
      #expect(Self.figure.contains("<title>\(band)</title>"))
    }
    #expect(!Self.figure.contains("c0001 → c0004"))
    #expect(Self.figure.matches(of: /class="flow moved"/).count == 2)
  }
}
