import Core
import Testing

@testable import Intake

@Suite struct KnownFilesTests {
  private func version(_ number: UInt64, whole: Bool = true) -> FileVersion {
    let size = Int(number % 1_000)
    return whole
      ? FileVersion(size: size, modified: 7, inode: Int(number % 7), changed: 8)
      : FileVersion(size: size, modified: 7)
  }

  /// A table and its expected content after a thousand operations.
  @Test(arguments: 0..<20) func `it agrees with a dictionary`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    // Few keys, so that operations collide.
    func key() -> UInt64 { generator.next() % 500 &* (.max / 500) }
    var expected: [UInt64: FileVersion] = [:]
    var parts = [KnownFiles(), KnownFiles()]
    let stored = Set((0..<Int(generator.next() % 300)).map { _ in key() }).sorted()
    for key in stored {
      let version = version(generator.next())
      parts[key > .max / 2 ? 1 : 0].append(key: key, version)
      expected[key] = version
    }
    var known = KnownFiles()
    for part in parts { known.append(part) }
    #expect(known.count == stored.count)
    for _ in 0..<1_000 {
      let key = key()
      let asked = expected[key] ?? version(generator.next())
      let knows = known.knows(key, asked)
      #expect(knows == (expected[key] != nil))
      #expect(known.holds(key) == (expected[key] != nil))
      if generator.next() % 3 == 0 {
        known.forget(key)
        expected[key] = nil
      } else {
        expected[key] = version(generator.next())
        known.note(key, expected[key]!)
      }
    }
  }

  @Test func `a file noted without inode matches by size and time, and by inode from then on`() {
    var known = KnownFiles()
    known.append(key: 1, version(5, whole: false))
    let asked = [version(6), version(5), version(5), version(1_005)].map { known.knows(1, $0) }
    #expect(asked == [false, true, true, false])
  }

  @Test func `fingerprints tell versions apart`() {
    var prints: [UInt64] = []
    for a in 0..<10 {
      for b in 0..<10 {
        prints.append(KnownFiles.fingerprint(FileVersion(size: a, modified: b)))
        for c in 0..<10 {
          for d in 0..<10 {
            prints.append(
              KnownFiles.fingerprint(FileVersion(size: a, modified: b, inode: c, changed: d)))
          }
        }
      }
    }
    #expect(Set(prints).count == prints.count)
  }
}
