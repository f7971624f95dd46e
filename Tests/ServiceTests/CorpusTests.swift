import Core
import Foundation
import Store
import TestSupport
import Testing

@Suite(.endsHang) struct CorpusTests {
  @Test(.enabled(if: Corpus.teaching != nil))
  func `every study of the teaching corpus is annotated with its blocks and no identifier`() throws
  {
    let site = try Site(input: Corpus.teaching, k: 50)
    let output = try site.once()
    let annotations = try site.events("annotation")
    #expect(annotations.count == 596)
    #expect(annotations.reduce(0) { $0 + ($1["instances"]?.int ?? 0) } == 1_535)
    let blocks = annotations.map { Set($0["blocks"]?.array?.compactMap(\.string) ?? []) }
    #expect(blocks.allSatisfy { $0.isSuperset(of: ["image", "tags"]) })
    // A report with only rare words has no vector: a vocabulary omits words of few patients.
    #expect(blocks.count { $0.contains("text") } >= 566)
    try site.checkConsistency()
    for (name, data) in try site.outputs() + [("output", Data(output.utf8))] {
      #expect(!String(decoding: data, as: UTF8.self).uppercased().contains("CANARY"), "\(name)")
    }
  }

  @Test(.enabled(if: Corpus.dicom != nil))
  func `every real file is part of an annotated unit or in quarantine with a reason`() throws {
    let folder = try #require(Corpus.dicom)
    let site = try Site(input: folder, k: 20)
    try site.once()
    try site.checkConsistency()
    let store = try SQLiteStore(path: site.store, readOnly: true)
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }.filter
    { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
    let counts = try store.fileCounts()
    #expect(counts.values.reduce(0, +) == files?.count)
    #expect(try store.quarantined().count == counts["quarantined"])
    #expect(try store.quarantined().allSatisfy { !$0.reason.isEmpty && !$0.detail.isEmpty })
    #expect(site.annotated == (try store.unitCount()))
    #expect((counts["instance"] ?? 0) > 240)
  }
}
