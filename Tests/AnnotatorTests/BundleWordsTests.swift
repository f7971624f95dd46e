import Core
import Foundation
import TestSupport
import Testing

@testable import Annotator

/// `bundle verify` finds names in vocabularies that were made before names were refused.
@Suite(.endsHang) struct BundleWordsTests {
  @Test func `names of the input's headers are found and not shown`() throws {
    let site = try Site(bootstrap: 20, k: 2)
    try site.simulate(20)
    try site.once()
    #expect(try site.control(["bundle", "verify"]).contains("0 of "))

    // A patient comes who is called what a word of the vocabulary is.
    let bundles = site.folder.path + "/state/bundles"
    let names = try FileManager.default.contentsOfDirectory(atPath: bundles)
    let bundle = try #require(names.first { $0.count == 16 })
    let text = try JSON(
      parsing: String(contentsOfFile: "\(bundles)/\(bundle)/text.json", encoding: .utf8))
    let word = try #require(
      text["vocabulary"]?.array?.compactMap(\.string).first { $0.count >= 5 })
    try SyntheticFile.write(
      site.input + "/named.dcm", study: "1.2.99", instance: "1.2.99.1",
      changes: [0x0010_0010: "\(word)^Jane"])
    let errors = try site.control(["bundle", "verify"], code: 65)
    #expect(errors.contains("holds names") && !errors.contains(word))
  }
}
