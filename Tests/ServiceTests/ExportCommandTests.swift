import Core
import Foundation
import Store
import TestSupport
import Testing

/// The annotated data set for pretraining.
@Suite(.endsHang) struct ExportCommandTests {
  /// An archive of 60 studies with all clusters accepted but one.
  private static func archive(_ studies: Int = 60, unit: String = "study") throws -> (
    site: Site, out: String
  ) {
    let site = try Site(bootstrap: 60, k: 6, top: "unit = \"\(unit)\"")
    try site.simulate(studies)
    try site.once()
    let daemon = try site.serve()
    for number in 1...5 { _ = try site.control(["clusters", "accept", "c000\(number)"]) }
    _ = try site.control(["clusters", "name", "c0001", "one, \"two\""])
    daemon.terminate()
    daemon.waitUntilExit()
    return (site, site.folder.path + "/dataset")
  }

  private static func rows(_ out: String) throws -> [JSON] {
    try String(contentsOfFile: out + "/labels.jsonl", encoding: .utf8).split(separator: "\n").map {
      try JSON(parsing: $0)
    }
  }

  private static func images(_ out: String) -> Set<String> {
    let names = FileManager.default.enumerator(atPath: out)?.compactMap { $0 as? String } ?? []
    return Set(names.filter { $0.hasSuffix(".png") })
  }

  /// What must hold for every export.
  private static func check(_ out: String, _ site: Site) throws {
    let rows = try rows(out)
    #expect(Set(rows.compactMap { $0["file"]?.string }) == images(out))
    let splits = Dictionary(grouping: rows) { $0["patient_key"]?.string ?? "" }
    #expect(splits.values.allSatisfy { Set($0.map { $0["split"]?.string }).count == 1 })
    let store = try SQLiteStore(path: site.store, readOnly: true)
    for row in rows {
      let unit = try #require(try store.unit(row["unit_key"]?.string ?? ""))
      #expect(row["cluster"]?.string == ClusterRecord.label(unit.cluster))
      #expect(row["file"]?.string?.contains(ClusterRecord.label(unit.cluster)) == true)
    }
    let sums = try Tool("/usr/bin/env").run(["-C", out, "sha256sum", "-c", "--quiet", "SHA256SUMS"])
    #expect(sums.code == 0, "\(sums.output)")
    for (name, data) in try site.outputs() {
      #expect(!String(decoding: data, as: UTF8.self).uppercased().contains("CANARY"), "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: out + "/progress.jsonl"))
  }

  @Test(arguments: ["study", "series", "image"])
  func `it has only accepted clusters, and no patient is in two splits`(unit: String) throws {
    let (site, out) = try Self.archive(unit: unit)
    #expect(try site.control(["export", out, "--side", "64"]).contains("in 5 classes"))
    try Self.check(out, site)
    #expect(!Self.images(out).contains { $0.contains("/c0006/") })
    let table = try String(contentsOfFile: out + "/labels.csv", encoding: .utf8)
    #expect(table.contains(",c0001,\"one, \"\"two\"\"\","))
    let manifest = try JSON(
      parsing: String(contentsOfFile: out + "/manifest.json", encoding: .utf8))
    #expect(manifest["classes"]?.array?.count == 5)
  }

  @Test func `png16 has grey values of 16 bits`() throws {
    let (site, out) = try Self.archive()
    _ = try site.control(["export", out, "--side", "64", "--format", "png16"])
    try Self.check(out, site)
    for name in Self.images(out) {
      // IHDR's depth and colour type.
      #expect(Array(try readFile(out + "/" + name)[24..<26]) == [16, 0])
    }
  }

  @Test func `an update keeps existing images and follows the labels`() throws {
    let (site, out) = try Self.archive()
    _ = try site.control(["export", out, "--side", "64"])
    let before = Self.images(out)
    #expect(
      try site.control(["export", out, "--side", "64"]).contains("(\(before.count) were there)"))
    let daemon = try site.serve()
    defer { daemon.terminate() }
    try site.simulate(30, first: 60)
    #expect(eventually { site.annotated == 90 })
    _ = try site.control(["recluster", "--wait"])
    for cluster in try SQLiteStore(path: site.store, readOnly: true).clusters()
    where cluster.retired == nil {
      _ = try site.control(["clusters", "accept", ClusterRecord.label(cluster.id)])
    }
    _ = try site.control(["export", out, "--side", "64"])
    try Self.check(out, site)
    #expect(Self.images(out).count > before.count)
    // A smaller export leaves nothing of the larger one behind.
    _ = try site.control(["export", out, "--side", "64", "--per-class", "3"])
    try Self.check(out, site)
    let classes = Dictionary(grouping: try Self.rows(out)) { $0["cluster"]?.string ?? "" }
    #expect(classes.values.allSatisfy { $0.count <= 3 })
  }

  /// The content of an export by path, without the record of what was written.
  private static func contents(_ out: String) throws -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: out)?.compactMap { $0 as? String } ?? []
    return try Dictionary(
      uniqueKeysWithValues: names.filter { name in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: out + "/" + name, isDirectory: &isFolder)
          && !isFolder.boolValue && name != ".radiologynet-output"
      }.map { ($0, try readFile(out + "/" + $0)) })
  }

  @Test func `a killed export resumes, and ends as one that was not`() throws {
    let (site, out) = try Self.archive(60)
    let options = ["--side", "64", "--webdataset", "20"]
    _ = try site.control(["export", out + "-whole"] + options)
    let arguments = ["--config", site.configuration, "export", out] + options
    for images in [5, 20] {
      let first = try site.ctl.start(arguments, errors: site.folder.path + "/export.log")
      #expect(eventually { Self.images(out).count > images })
      kill(first.processIdentifier, SIGKILL)
      first.waitUntilExit()
    }
    #expect(!FileManager.default.fileExists(atPath: out + "/labels.jsonl"))
    let said = try site.control(["export", out] + options)
    #expect(!said.contains("(0 were there)"))
    try Self.check(out, site)
    let (resumed, whole) = (try Self.contents(out), try Self.contents(out + "-whole"))
    #expect(Set(resumed.keys) == Set(whole.keys))
    for (name, data) in whole { #expect(resumed[name] == data, "\(name)") }
  }

  @Test func `rows have the figures of their annotations`() throws {
    let (site, out) = try Self.archive()
    _ = try site.control(["export", out, "--side", "64"])
    // All units were fitted: no centroid has moved since.
    let annotations = try String(contentsOfFile: site.log, encoding: .utf8).split(separator: "\n")
      .map { try JSON(parsing: $0) }.filter { $0["type"]?.string == "annotation" }
    let known = Dictionary(uniqueKeysWithValues: annotations.map { ($0["unit_key"]?.string, $0) })
    let rows = try Self.rows(out)
    #expect(!rows.isEmpty)
    for row in rows {
      let annotation = try #require(known[row["unit_key"]?.string])
      for name in [
        "cluster", "distance", "margin", "second_cluster", "novel", "modality", "body_part",
        "instances", "frames", "generation", "bundle",
      ] {
        #expect(row[name] == annotation[name], "\(name)")
      }
      #expect(
        row["blocks"]?.string
          == annotation["blocks"]?.array?.compactMap(\.string).joined(separator: "+"))
    }
  }

  @Test func `classes keep their numbers through reclusters`() throws {
    let (site, out) = try Self.archive()
    func classes() throws -> [String: JSON] {
      let list = try JSON(parsing: String(contentsOfFile: out + "/classes.json", encoding: .utf8))
      return Dictionary(
        uniqueKeysWithValues: (list.array ?? []).map { ($0["cluster"]?.string ?? "", $0) })
    }
    _ = try site.control(["export", out, "--side", "64", "--include", "all"])
    let before = try classes()
    let daemon = try site.serve()
    try site.simulate(60, first: 60)
    #expect(eventually { site.annotated == 120 })
    _ = try site.control(["recluster", "--wait"])
    daemon.terminate()
    daemon.waitUntilExit()
    _ = try site.control(["export", out, "--side", "64", "--include", "all"])
    let after = try classes()
    for (label, item) in before { #expect(after[label]?["index"] == item["index"]) }
    #expect(Set(after.values.compactMap { $0["index"]?.int }) == Set(0..<after.count))
    let living = Set(
      try SQLiteStore(path: site.store, readOnly: true).clusters().filter { $0.retired == nil }
        .map { ClusterRecord.label($0.id) })
    for (label, item) in after {
      #expect(living.contains(label) == (item["successor"] == .null))
    }
    for row in try Self.rows(out) {
      #expect(row["class"] == after[row["cluster"]?.string ?? ""]?["index"])
    }
  }

  @Test func `what can't be exported is reported`() throws {
    let (site, out) = try Self.archive()
    _ = try site.control(["export", out, "--side", "64"])
    #expect(
      try site.control(["export", out, "--side", "128"], code: ExitCode.cannotCreate.rawValue)
        .contains(
          "another folder"))
    #expect(
      try site.control(["export", site.folder.path], code: ExitCode.cannotCreate.rawValue)
        .contains("not empty"))
    #expect(
      try site.control(["export", site.input + "/set"], code: ExitCode.cannotCreate.rawValue)
        .contains("which is the service's"))
    #expect(
      try site.control(
        ["export", out + "2", "--format", "dicom"], code: ExitCode.configuration.rawValue
      )
      .contains("privacy.uids"))
    for bad in [["--split", "50,50"], ["--include", "some"], ["--side", "1"]] {
      _ = try site.control(["export", out + "2"] + bad, code: ExitCode.usage.rawValue)
    }
    // Files deleted since.
    let studies = try FileManager.default.contentsOfDirectory(atPath: site.input).sorted()
      .filter { !$0.hasPrefix(".") }
    for name in studies.prefix(2) {
      try FileManager.default.removeItem(atPath: site.input + "/" + name)
    }
    #expect(
      try site.control(["export", out + "3", "--side", "64"]).contains("left out: file_gone"))
  }

  @Test func `text in images is withheld, masked or kept, as one says`() throws {
    let site = try Site(bootstrap: 40, k: 4)
    _ = try site.control(
      ["simulate", site.input, "--studies", "40", "--size", "256", "--burned-in", "0.5"])
    try site.once()
    let out = site.folder.path + "/dataset"
    var counts: [String: Int] = [:]
    for treatment in ["withhold", "mask", "keep", "withhold"] {
      let said = try site.control(
        ["export", out, "--side", "64", "--include", "all", "--burned-in", treatment])
      try Self.check(out, site)
      let rows = try Self.rows(out)
      counts[treatment] = rows.count
      let made = Set(rows.compactMap { $0["burned_in"]?.string })
      let manifest = try JSON(
        parsing: String(contentsOfFile: out + "/manifest.json", encoding: .utf8))["burned_in"]
      #expect(manifest?["treatment"]?.string == treatment)
      switch treatment {
      case "withhold":
        #expect(made == ["none"] && said.contains("left out: burned_in_text"))
        #expect((manifest?["withheld"]?.int ?? 0) > 0)
      case "mask":
        #expect(made == ["none", "masked"])
        #expect(manifest?["masked"]?.int == rows.count { $0["burned_in"]?.string == "masked" })
      default: #expect(made == ["none", "kept"])
      }
    }
    #expect(counts["withhold"]! < counts["mask"]! && counts["mask"]! <= counts["keep"]!)
  }

  @Test func `it follows no planted links`() throws {
    let (site, out) = try Self.archive()
    let others = try site.folder.folder("others")
    try site.folder.file("others/labels.jsonl", "mine")
    let arguments = ["--config", site.configuration, "export", out, "--side", "64"]
    // The first export needs an empty folder; a marker doesn't make links trusted.
    _ = try site.control(Array(arguments.dropFirst(2)))
    for name in ["train", "labels.jsonl", "progress.jsonl", "export.json"] {
      try? FileManager.default.removeItem(atPath: out + "/" + name)
      try FileManager.default.createSymbolicLink(
        atPath: out + "/" + name,
        withDestinationPath: name == "train" ? others : others + "/labels.jsonl")
      let output = try site.ctl.run(arguments)
      #expect(output.code == ExitCode.cannotCreate.rawValue, "\(name): \(output.output)")
      #expect(output.errors.contains("\(out)/\(name): "), "\(output.errors)")
      #expect(try readFile(others + "/labels.jsonl") == Data("mine".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: others) == ["labels.jsonl"])
      try FileManager.default.removeItem(atPath: out + "/" + name)
    }
    _ = try site.control(Array(arguments.dropFirst(2)))
    try Self.check(out, site)
  }

  private static let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"
  private static let hasLibraries =
    (try? Tool("/usr/bin/env").run([
      python, "-c", "import torchvision, datasets, mlcroissant, webdataset",
    ]).code) == 0

  @Test(
    .enabled(
      if: hasLibraries,
      "torchvision, datasets, mlcroissant and webdataset (PyPI) are not there: set PYTHON"))
  func `Python's libraries read it unchanged`() throws {
    let (site, out) = try Self.archive()
    _ = try site.control([
      "export", out, "--side", "64", "--split", "40,30,30", "--webdataset", "30",
    ])
    let script =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path + "/scripts/check-export"
    let output = try Tool("/usr/bin/env").run([Self.python, script, out])
    #expect(output.output.contains("the same labels in all"), "\(output.errors)")
  }

  @Test func `with plain UIDs DICOM files can be exported by name`() throws {
    let site = try Site(bootstrap: 20, k: 2, privacy: "uids = \"plain\"")
    try site.simulate(20)
    try site.once()
    let out = site.folder.path + "/dataset"
    _ = try site.control(["export", out, "--format", "dicom", "--include", "all"])
    let rows = try Self.rows(out)
    #expect(!rows.isEmpty && Self.images(out).isEmpty)
    for row in rows {
      #expect(
        FileManager.default.fileExists(atPath: site.input + "/" + (row["file"]?.string ?? "-")))
    }
  }
}
