import Core
import Foundation
import TestSupport
import Testing

/// A study with far more instances than are sampled.
@Suite(.endsHang) struct SamplingTests {
  private static let count = 150

  private func site(workers: Int) throws -> Site {
    try Site(k: 4, more: "[decoding]\nworkers = \(workers)\ninstances_per_unit = 4")
  }

  /// Distinct instances, under names in ascending or descending order.
  private func write(to site: Site, isReversed: Bool) throws {
    for number in 0..<Self.count {
      let pixels = (0..<64 * 64).map { UInt16(($0 * (number + 1)) % 4096) }
      let name = String(format: "%04d.dcm", isReversed ? Self.count - number : number)
      try SyntheticFile.write(
        site.input + "/" + name, study: "1.2.3", instance: "1.2.3.\(number)", pixels: pixels)
    }
  }

  @Test func `only instances that may be sampled are decoded, the same ones in any order`()
    throws
  {
    let first = try site(workers: 1)
    try first.simulate(20)
    _ = try first.control(["train"])
    let second = try site(workers: 3)
    try second.folder.folder("state")
    for name in ["state/site.key", "state/bundles"] {
      try FileManager.default.copyItem(
        atPath: first.folder.path + "/" + name, toPath: second.folder.path + "/" + name)
    }
    var vectors: [Embedding] = []
    for (site, isReversed) in [(first, false), (second, true)] {
      try write(to: site, isReversed: isReversed)
      try site.once()
      try site.checkConsistency()
      let event = try #require(
        try site.events("annotation").first { $0["instances"]?.int == Self.count })
      #expect(event["frames"]?.int == 4 && event["decode_path"]?.string == "native")
      let store = try StoreReader(site.store)
      let study = try #require(event["study_key"]?.string)
      let pictured = try store.pictured(study: study)
      #expect((4..<Self.count / 2).contains(pictured), "\(pictured) of \(Self.count) decoded")
      let unit = try #require(event["unit_key"]?.string)
      vectors.append(try #require(try store.unit(unit)))
    }
    #expect(vectors[0] == vectors[1])
  }
}
