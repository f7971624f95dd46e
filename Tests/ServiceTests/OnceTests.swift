import Core
import Foundation
import Store
import TestSupport
import Testing

@Suite(.endsHang) struct OnceTests {
  @Test func `every study is annotated once, as in the schema and without identifiers`()
    throws
  {
    let site = try Site()
    try site.simulate(40)
    try site.folder.file("export/note.pdf", "no DICOM")
    let output = try site.once()
    #expect(try site.events("annotation").count == 40)
    #expect(try site.events("quarantine").map { $0["reason"]?.string } == ["not_dicom"])
    try site.checkConsistency()

    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().path
    let schema = try JSONSchema(contentsOf: root + "/config/annotation.schema.json")
    for event in try site.events() { #expect(schema.problems(event) == []) }

    #expect(!output.uppercased().contains("CANARY"))
    for (name, data) in try site.outputs() {
      let text = String(decoding: data, as: UTF8.self).uppercased()
      #expect(!text.contains("CANARY"), "\(name)")
      #expect(!text.contains("2.25."), "\(name) holds a UID")
    }
  }

  @Test func `a file of five gigabytes that isn't DICOM only goes to quarantine`()
    throws
  {
    let site = try Site(k: 4)
    try site.simulate(12)
    let path = try site.folder.file("export/backup.tar", "no DICOM")
    // Sparse: it takes no disk space.
    #expect(truncate(path, 5 << 30) == 0)
    try site.once()
    #expect(site.annotated == 12)
    #expect(try site.events("quarantine").map { $0["reason"]?.string } == ["not_dicom"])
    try site.checkConsistency()
  }

  @Test func `a second run finds nothing to do`() throws {
    let site = try Site()
    try site.simulate(20)
    try site.once()
    let before = try site.events().count
    try site.once()
    let after = try site.events()
    #expect(after.count == before + 2)
    #expect(after.suffix(2).map { $0["event"]?.string } == ["started", "stopped"])
    try site.checkConsistency()
  }

  /// Order of arrival and numbers of workers and library threads don't change the vectors.
  @Test(arguments: [("pca", "tfidf"), ("autoencoder", "pv-dbow")])
  func `a study's vector depends on the study and the bundle alone`(_ image: String, _ text: String)
    throws
  {
    let features = """
      [features]
      image = "\(image)"
      image_side = 16
      image_components = 8
      tags = "\(image)"
      tag_components = 8
      text = "\(text)"
      text_components = 8
      """
    let first = try Site(k: 4, more: "[decoding]\nworkers = 1\n" + features)
    try first.simulate(30)
    _ = try first.control(["train"])
    try first.once(environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"])

    let second = try Site(k: 4, more: "[decoding]\nworkers = 3\n" + features)
    for name in ["site.key", "bundles"] {
      try FileManager.default.createDirectory(
        atPath: second.folder.path + "/state", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: first.folder.path + "/state/" + name, toPath: second.folder.path + "/state/" + name)
    }
    // The same files under names in reverse order.
    let files = FileManager.default.enumerator(atPath: first.input)?.compactMap { $0 as? String }
    for (index, name) in (files ?? []).sorted().enumerated() {
      let (from, last) = (first.input + "/" + name, (name as NSString).lastPathComponent)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: from, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      try second.folder.folder("export/REPORTS")
      try FileManager.default.copyItem(
        atPath: from,
        toPath: second.input + (last.hasSuffix(".txt") ? "/REPORTS/\(last)" : "/\(10_000 - index)"))
    }
    try second.once(environment: ["OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"])

    #expect(second.annotated == 30)
    let (here, there) = (try StoreReader(first.store), try StoreReader(second.store))
    for event in try first.events("annotation") {
      let key = try #require(event["unit_key"]?.string)
      let vector = try #require(try here.unit(key))
      #expect(try there.unit(key) == vector)
    }
  }

  @Test(arguments: ["series", "image"])
  func `smaller units get an annotation each`(_ unit: String) throws {
    let site = try Site(top: "unit = \"\(unit)\"")
    try site.simulate(16)
    try site.once()
    let store = try SQLiteStore(path: site.store, readOnly: true)
    let annotations = try site.events("annotation")
    let studies = Set(annotations.compactMap { $0["study_key"]?.string })
    #expect(studies.count == 16)
    #expect(annotations.allSatisfy { $0["unit"]?.string == unit })
    #expect(annotations.count == (unit == "series" ? 16 : try store.unitCount()))
    if unit == "image" { #expect(annotations.allSatisfy { $0["instances"]?.int == 1 }) }
    try site.checkConsistency()
  }

  @Test func `UIDs are plain if configured`() throws {
    let site = try Site(privacy: "uids = \"plain\"")
    try site.simulate(12)
    try site.once()
    #expect(
      try site.events("annotation").allSatisfy {
        $0["study_key"]?.string?.hasPrefix("2.25.") == true
      })
  }

  @Test func `an empty disk image of five gigabytes only goes to quarantine`() throws {
    let site = try Site()
    try site.simulate(10)
    try site.folder.file("export/disk.img", "")
    #expect(truncate(site.input + "/disk.img", 5 << 30) == 0)
    try site.once()
    #expect(try site.events("quarantine").map { $0["reason"]?.string } == ["not_dicom"])
    #expect(site.annotated == 10)
  }

  @Test func `an empty folder is not an error`() throws {
    let site = try Site()
    try site.once()
    #expect(try site.events("annotation").isEmpty)
  }

  @Test func `too few units for training are reported`() throws {
    let site = try Site()
    try SyntheticFile.write(site.input + "/a.dcm")
    let errors = try site.once(ExitCode.data.rawValue)
    #expect(errors.contains("training needs at least 2 units"))
  }

  @Test func `a missing input folder is reported by path`() throws {
    let site = try Site(input: "/nowhere/export")
    let errors = try site.once(ExitCode.noInput.rawValue)
    #expect(errors.contains("/nowhere/export") && errors.contains("intake.input"))
  }

  @Test func `an invalid setting is reported with its line`() throws {
    let site = try Site(top: "unit = \"slice\"")
    let errors = try site.once(ExitCode.configuration.rawValue)
    #expect(errors.contains("radiologynet.toml:2: unit: expected one of"))
  }

  @Test func `training on the same files again gives the same labels`() throws {
    let first = try Site()
    let second = try Site(input: first.input)
    try first.simulate(30)
    try first.once()
    // The same site key gives the same keys, and with them the same samples.
    try FileManager.default.createDirectory(
      atPath: second.folder.path + "/state", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: first.folder.path + "/state/site.key", toPath: second.folder.path + "/state/site.key")
    try second.once()
    func labels(_ site: Site) throws -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: try site.events("annotation").map {
          (
            $0["unit_key"]?.string ?? "",
            ($0["bundle"]?.string ?? "") + ($0["cluster"]?.string ?? "")
          )
        })
    }
    let (one, two) = (try labels(first), try labels(second))
    #expect(one == two)
  }
}
