import Core
import Foundation
import Glibc
import Store
import TestSupport
import Testing

/// File and folder names that a String can't hold, from the folder to the ledger and the export.
@Suite(.endsHang) struct FileNameTests {
  private static let names: [FilePath] = [
    FilePath([0x67, 0x72, 0xfc, 0x6e] + Array(".dcm".utf8)),
    FilePath([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]), FilePath([0xff, 0xfe] + Array(".dcm".utf8)),
    "two\nlines.dcm",
  ]

  /// Files of four studies and one that isn't DICOM, in a folder `M\xfcller`.
  private func write(_ site: Site) throws -> FilePath {
    let folder = site.input.filePath.appending([0x4d, 0xfc] + Array("ller".utf8))
    #expect(folder.withCString { mkdir($0, 0o755) } == 0)
    let made = site.folder.path + "/made"
    for (index, name) in Self.names.enumerated() {
      try SyntheticFile.write(made, study: "1.2.\(index)", instance: "1.2.\(index).1")
      move(made, to: folder.appending(name.bytes))
    }
    try site.folder.file("made", "no image")
    move(made, to: folder.appending([0xe4]))
    return folder
  }

  private func move(_ path: String, to place: FilePath) {
    #expect(place.withCString { rename(path, $0) } == 0)
  }

  /// Foundation can't remove such names.
  private func clean(_ folder: FilePath) {
    for path in FolderScan.files(below: folder) { _ = path.withCString { unlink($0) } }
    _ = folder.withCString { rmdir($0) }
  }

  @Test func `a scan finds them, quarantine lists them, and an export names them`() throws {
    let site = try Site(bootstrap: 10, k: 2, privacy: "uids = \"plain\"")
    let folder = try write(site)
    defer { clean(folder) }
    try site.once()
    #expect(site.annotated == 4)
    let listed = try JSON(parsing: site.control(["quarantine", "--json"]))
    #expect(listed["path"]?.string == folder.appending([0xe4]).text)
    #expect(try site.control(["quarantine"]).contains("M%FCller/%E4\n"))
    let out = site.folder.path + "/dataset"
    _ = try site.control(["export", out, "--format", "dicom", "--include", "all"])
    let rows = try String(contentsOfFile: out + "/labels.jsonl", encoding: .utf8).split(
      separator: "\n"
    ).map { try JSON(parsing: $0) }
    #expect(
      Set(rows.compactMap { $0["file"]?.string })
        == Set(Self.names.map { "M%FCller/" + $0.text }))
  }

  @Test func `file events for them are handled`() throws {
    let site = try Site(bootstrap: 10, k: 2)
    let daemon = try site.serve()
    let folder = try write(site)
    defer { clean(folder) }
    #expect(
      eventually {
        (try? SQLiteStore(path: site.store, readOnly: true).fileCounts()["quarantined"]) == 1
      })
    daemon.terminate()
    daemon.waitUntilExit()
    try site.once()
    #expect(site.annotated == 4)
    try site.checkConsistency()
  }
}
