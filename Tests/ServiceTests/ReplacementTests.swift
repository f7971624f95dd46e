import Core
import Foundation
import Glibc
import Store
import TestSupport
import Testing

/// Other content under the same path, with equal size and time, and the same content with another inode.
@Suite(.endsHang) struct ReplacementTests {
  private let site: Site
  private static let count = 4

  init() throws {
    site = try Site(bootstrap: 10, k: 2)
    try site.folder.folder("export/REPORTS")
    for index in 0..<Self.count {
      try SyntheticFile.write(path(index), study: "1.2.\(index)", instance: "1.2.\(index).1")
      age(path(index))
    }
    try site.folder.file("export/REPORTS/1.2.0.txt", "lungs are clear")
    try site.once()
    #expect(site.annotated == Self.count)
  }

  private func path(_ index: Int) -> String { site.input + "/\(index).dcm" }

  private func age(_ path: String) {
    let times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
  }

  /// Moves another study's file, of the same size and time, over the first.
  private func replace() throws {
    let new = site.input + "/.new"
    try SyntheticFile.write(new, study: "1.2.7", instance: "1.2.7.1")
    age(new)
    var (old, other) = (stat(), stat())
    #expect(stat(path(0), &old) == 0 && stat(new, &other) == 0 && old.st_size == other.st_size)
    #expect(rename(new, path(0)) == 0)
  }

  private func counts() throws -> [String: Int] {
    try SQLiteStore(path: site.store, readOnly: true).fileCounts()
  }

  @Test(arguments: [true, false]) func `other content is annotated`(_ running: Bool) throws {
    let before = try counts()
    let daemon = running ? try site.serve() : nil
    try replace()
    if let daemon {
      #expect(eventually { site.annotated == Self.count + 1 })
      daemon.terminate()
      daemon.waitUntilExit()
    } else {
      try site.once()
    }
    #expect(site.annotated == Self.count + 1)
    #expect(try counts() == before)
    // And nothing is read again.
    let events = try site.events().count
    try site.once()
    #expect(try site.events().count == events + 2)
    try site.checkConsistency()
  }

  @Test(arguments: [true, false])
  func `the same content again changes nothing`(_ running: Bool) throws {
    let before = try counts()
    let daemon = running ? try site.serve() : nil
    let files = (0..<Self.count).map(path) + [site.input + "/REPORTS/1.2.0.txt"]
    for file in files {
      let copy = (file as NSString).deletingLastPathComponent + "/.copy"
      #expect(try Tool("/bin/cp").run(["-p", file, copy]).code == 0)
      #expect(rename(copy, file) == 0)
      chmod(file, 0o600)
    }
    if let daemon {
      usleep(1_500_000)
      daemon.terminate()
      daemon.waitUntilExit()
    }
    try site.once()
    #expect(try counts() == before)
    #expect(site.annotated == Self.count)
    #expect(try site.events("revision").isEmpty)
    let store = try SQLiteStore(path: site.store, readOnly: true)
    var noted: Set<Int> = []
    try store.ledger(from: "", upTo: "z") { noted.insert($1.inode ?? 0) }
    let inodes = files.map { file in
      var information = stat()
      stat(file, &information)
      return Int(information.st_ino)
    }
    #expect(noted == Set(inodes))
  }
}
