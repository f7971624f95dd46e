import Core
import Intake
import Testing

@Suite struct KnownFilesTests {
  /// A table and what it should say, from a thousand operations.
  @Test(arguments: 0..<20) func `it says what a dictionary says`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    // Few keys, so that operations meet.
    func key() -> UInt64 { generator.next() % 500 &* (.max / 500) }
    var expected: [UInt64: UInt64] = [:]
    var parts = [KnownFiles(), KnownFiles()]
    let stored = Set((0..<Int(generator.next() % 300)).map { _ in key() }).sorted()
    for key in stored {
      let size = Int(generator.next() % 1000)
      parts[key > .max / 2 ? 1 : 0].append(key: key, size: size, modified: 7)
      expected[key] = KnownFiles.fingerprint(size: size, modified: 7)
    }
    var known = KnownFiles()
    for part in parts { known.append(part) }
    #expect(known.count == stored.count)
    for _ in 0..<1_000 {
      let key = key()
      #expect(known[key] == expected[key])
      let change = generator.next() % 3 == 0 ? nil : generator.next()
      known[key] = change
      expected[key] = change
    }
  }

  @Test func `fingerprints tell sizes and times apart`() {
    let prints = (0..<100).flatMap { size in
      (0..<100).map { KnownFiles.fingerprint(size: size, modified: $0) }
    }
    #expect(Set(prints).count == prints.count)
  }
}
