import Core
import Foundation
import Store
import Testing

@Suite struct StudyTests {
  @Test(arguments: StoreKind.allCases)
  func `a study is found by its key and its accession key`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    try store.saveStudy("s", accessionKey: nil)
    try store.saveStudy("s", accessionKey: "a")
    try store.saveStudy("s", accessionKey: nil)
    try store.saveStudy("t", accessionKey: "a")
    #expect(try store.studies(studyKeys: ["s", "x"], accessionKeys: []) == ["s"])
    #expect(try store.studies(studyKeys: [], accessionKeys: ["a"]).sorted() == ["s", "t"])
    #expect(try store.studyCount() == 2)
  }

  @Test(arguments: StoreKind.allCases)
  func `an instance is read back as it was saved`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    try store.saveStudy("s", accessionKey: nil)
    let records = [
      InstanceRecord("i", tags: ["Modality": "CT", "KVP": "120\\80"]),
      InstanceRecord("j", image: []),
    ]
    for record in records { try store.save(record, studyKey: "s", bundle: "b") }
    let read = try store.instances(ofStudy: "s")
    #expect(read.map(\.tags) == records.map(\.tags))
    func rest(_ records: [InstanceRecord]) -> String {
      "\(records.map { ($0.instanceKey, $0.seriesKey, $0.digest, $0.frames, $0.image, $0.decodePath) })"
    }
    #expect(rest(read) == rest(records))
    #expect(try store.instanceDigest("i").map { "\($0)" } == #"(digest: "d", studyKey: "s")"#)
    #expect(try store.instanceDigest("x") == nil)
    #expect(try store.tags(ofStudies: ["s", "x"]) == [["Modality": "CT", "KVP": "120\\80"], nil])
  }

  @Test(arguments: StoreKind.allCases)
  func `a report doesn't find a study whose files must be read again`(_ kind: StoreKind)
    throws
  {
    let store = try FreshStore(kind).store
    try store.saveStudy("s", accessionKey: "a")
    try store.save(InstanceRecord("i", digest: ""), studyKey: "s", bundle: "b")
    #expect(try store.studies(studyKeys: ["s"], accessionKeys: ["a"]).isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func `patients of a study are a set; studies without any are listed`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let patient = PatientKey(number: "n", whole: "w")
    for study in ["s", "t"] { try store.saveStudy(study, accessionKey: nil) }
    for _ in 0..<2 { try store.savePatients([patient], studyKey: "s") }
    #expect(try store.patients(ofStudy: "s") == [patient])
    var all: [String: PatientKey?] = [:]
    try store.patients { all[$0] = .some($1) }
    #expect(all == ["s": patient, "t": nil])
  }

  @Test(arguments: StoreKind.allCases)
  func `reports in force return their terms, the others only their versions`(_ kind: StoreKind)
    throws
  {
    let store = try FreshStore(kind).store
    let rank = ReportRank(stage: .final, time: "20261128", correction: 2)
    let version = ReportVersion(rank: rank, title: "t", predecessors: ["p", "q"])
    for (key, counts) in [("r", true), ("old", false)] {
      try store.saveReport(
        key, studyKey: "s", bundle: "b", terms: [3: 1, 70: 12], version: version, counts: counts)
    }
    #expect(try store.reports(ofStudy: "s", bundle: "b") == ["r": [3: 1, 70: 12]])
    #expect(try store.reports(ofStudy: "s", bundle: "c").isEmpty)
    let versions = try store.reportVersions(ofStudy: "s", bundle: "b")
    #expect(versions.keys.sorted() == ["old", "r"])
    #expect(versions["r"].map { "\($0)" } == "\(version)")
    try store.replaceReport("r")
    #expect(try store.reports(ofStudy: "s", bundle: "b").isEmpty && store.hasReport("r"))
    try store.saveDelivery(accessionKey: "a", pathKey: "p")
    try store.saveDelivery(accessionKey: "a", pathKey: "p")
    #expect(try store.deliveries(accessionKey: "a") == ["p"])
  }

  @Test(
    arguments: StoreKind.allCases, [["a", "b"], ["b", "a"], ["b", "a", "b"], ["a", "a"]])
  func `the thumbnail is that of the smallest instance key, whatever the order`(
    _ kind: StoreKind, _ order: [String]
  ) throws {
    let store = try FreshStore(kind).store
    for key in order { try store.saveThumbnail(Data(key.utf8), unit: "u", instance: key) }
    #expect(try store.thumbnail("u") == Data("a".utf8))
    try store.dropThumbnail(instance: "b")
    #expect(try store.hasThumbnail("u"))
    try store.dropThumbnail(instance: "a")
    #expect(try store.thumbnail("u") == nil)
  }
}
