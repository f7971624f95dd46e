import Core
import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.endsHang) struct CrashTests {
  @Test func `a kill at any moment neither loses nor duplicates an annotation`() throws {
    // Reclusters, late reports and quarantine happen meanwhile and are interrupted too.
    let site = try Site(quiet: 0.1, bootstrap: 20, k: 6, more: "[recluster]\nevery = 12")
    try site.simulate(24)
    try site.folder.file("export/broken.dcm", "no DICOM")
    var generator = SeededGenerator(seed: 99)
    var studies = 24
    for round in 0..<25 {
      let daemon = try site.start()
      if round % 3 == 1 {
        try site.simulate(6, first: studies)
        studies += 6
      }
      // Early rounds are killed during training, later ones anywhere between start and idle.
      usleep(UInt32(20_000 + generator.next() % 700_000))
      kill(daemon.processIdentifier, SIGKILL)
      daemon.waitUntilExit()
    }
    try site.once()
    try site.checkConsistency()
    #expect(site.annotated == studies)
    #expect(try site.events("quarantine").count == 1)
    // The next start finds nothing to do.
    let before = try site.events().count
    try site.once()
    #expect(try site.events().count == before + 2)
  }

  @Test func `annotation survives a full disk`() throws {
    // The log's folder can't be written for a while; the store continues, and the log catches up.
    let site = try Site(bootstrap: 10)
    try site.simulate(12)
    try site.once()
    let daemon = try site.serve()
    defer { daemon.terminate() }
    let log = site.folder.path + "/log"
    #expect(rename(log, log + ".away") == 0)
    try site.simulate(6, first: 12)
    #expect(
      try eventually {
        try JSON(parsing: site.control(["--json", "status"]))["store"]?["units"]?.int == 18
      })
    #expect(rename(log + ".away", log) == 0)
    #expect(eventually { site.annotated == 18 })
    try site.checkConsistency()
  }
}
