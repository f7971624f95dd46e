import Core
import Testing

@Suite struct ChunkTests {
  @Test(arguments: [
    (0, 256, []), (1, 256, [1]), (256, 256, [256]), (257, 256, [129, 128]), (400, 256, [200, 200]),
    (596, 256, [199, 199, 198]), (5, 1, [1, 1, 1, 1, 1]),
  ])
  func `even chunks are few, equal and cover everything`(_ count: Int, _ most: Int, _ sizes: [Int])
  {
    let parts = evenChunks(count, ofAtMost: most)
    #expect(parts.map(\.count) == sizes)
    #expect(parts.flatMap { Array($0) } == Array(0..<count))
  }

  @Test func `the last chunk is the rest`() {
    #expect(chunks(10, of: 4) == [0..<4, 4..<8, 8..<10])
    #expect(chunks(0, of: 4) == [])
  }
}
