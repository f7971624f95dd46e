import Core
import Foundation
import Store
import TestSupport
import Testing

/// A daemon on an input that has gone quiet.
@Suite(.endsHang) struct QuietInputTests {
  @Test func `an unusually long pause is a health issue until a file comes`() throws {
    let site = try Site()
    let socket = site.folder.path + "/run/metrics.sock"
    let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
    try (text + "\n[metrics]\nlisten = \"\(socket)\"\n").write(
      toFile: site.configuration, atomically: true, encoding: .utf8)
    // All are annotated: what is only held would be read again, and count as new.
    try site.simulate(12)
    try site.once()

    // The last file came a month ago, and pauses were of an hour before.
    let (now, day) = (Date().timeIntervalSince1970, 86_400.0)
    let pauses = (30..<40).map { (String(Int(now / day) - $0), JSON.double(3_600)) }
    let store = try SQLiteStore(path: site.store)
    try store.setMeta(
      "arrivals",
      JSON.object([("last", .double(now - 30 * day)), ("pauses", .object(pauses))]).encoded)
    let daemon = try site.serve()
    defer { daemon.terminate() }
    #expect(
      try eventually { try site.control(["status"]).contains("no new file for 30 days") })
    #expect(RawClient.get(socket, "/healthz")?.contains("503") == true)
    let metrics = try site.control(["metrics"])
    #expect(metrics.contains("radiologynet_healthy 0\n"))
    #expect(metrics.contains("radiologynet_longest_pause_seconds 3600\n"))
    try site.simulate(1, first: 12)
    #expect(eventually { RawClient.get(socket, "/healthz")?.hasSuffix("ok\n") == true })
  }
}
