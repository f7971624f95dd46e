import Core
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(25))) struct EncoderTrialRunTests {
  /// The daemon starts with gradients, trains the network beside annotation, reports the outcome, and doesn't start
  /// over after a restart.
  @Test func `with auto the semantic encoder is tried in the background, once`() throws {
    let site = try Site(bootstrap: 40, k: 4, more: "[features]\nimage_steps = 10")
    try site.simulate(310)
    let daemon = try site.serve()
    #expect(eventually(within: 600) { Self.trials(site).count == 1 })
    let trial = try #require(Self.trials(site).first)
    #expect(trial["error"] == nil, "\(trial)")
    #expect(try #require(trial["figures"]?["judged"]?.int) >= 30)
    #expect(trial["figures"]?["in_force"]?.string == "hog")
    let opened = try site.events("lifecycle").first { $0["event"]?.string == "generation_opened" }
    #expect(opened?["reason"]?.string == "bootstrap", "annotation starts without the network")
    if trial["chosen"]?.bool == true {
      #expect(
        eventually(within: 300) {
          (try? site.events("recluster_promoted").isEmpty) == false
        })
    }
    #expect(try site.control(["status"]).contains("semantic"))
    daemon.terminate()
    daemon.waitUntilExit()

    let again = try site.serve()
    #expect(try site.control(["--json", "status"]).contains("\"next_at_units\":1"))
    again.terminate()
    again.waitUntilExit()
    #expect(Self.trials(site).count == 1)
    try site.checkConsistency()
  }

  private static func trials(_ site: Site) -> [JSON] {
    (try? site.events("lifecycle").filter { $0["event"]?.string == "encoder_tried" }) ?? []
  }
}
