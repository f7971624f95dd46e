import Core
import Foundation
import Store
import TestSupport
import Testing

/// The review pages of an archive.
@Suite(.endsHang) struct ReportTests {
  private static let browser = Tool("/usr/bin/chromium")

  /// A report of 60 simulated studies.
  private static func report(more: String = "") throws -> (site: Site, folder: String) {
    let site = try Site(bootstrap: 60, k: 6, more: more)
    try site.simulate(60)
    try site.once()
    let folder = site.folder.path + "/report"
    #expect(try site.control(["report", folder]).contains("60 units in 6 clusters"))
    return (site, folder)
  }

  private static func pages(_ folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".html") }.sorted()
  }

  @Test func `pages link only within the folder, and name no one`() throws {
    let (site, folder) = try Self.report()
    let pages = Self.pages(folder)
    #expect(pages.count == 6 + 6 + 60)
    for page in pages {
      let text = try String(contentsOfFile: folder + "/" + page, encoding: .utf8)
      #expect(!text.contains("http:") && !text.contains("https:"))
      #expect(text.contains("Archive as of 20"), "\(page)")
      // Scripts are files of our own; none is inline.
      for script in text.matches(of: /<script[^>]*>/) {
        #expect(
          script.0.wholeMatch(of: /<script src="(\.\.\/)?(review|map|map-data)\.js" defer>/) != nil)
      }
      let here = (folder + "/" + page as NSString).deletingLastPathComponent
      for match in text.matches(of: /(?:href|src)="([^"]*)"/) {
        let target = String(match.1)
        guard !target.hasPrefix("#"), !target.hasPrefix("data:") else { continue }
        #expect(FileManager.default.fileExists(atPath: here + "/" + target), "\(page): \(target)")
      }
      for image in text.matches(of: /<img [^>]*>/) { #expect(image.0.contains("alt=\"")) }
      for drawing in text.matches(of: /<svg [^>]*>/) {
        #expect(drawing.0.contains(/role="(img|group)" aria-label/), "\(page)")
      }
    }
    for (name, data) in try site.outputs() {
      #expect(!String(decoding: data, as: UTF8.self).uppercased().contains("CANARY"), "\(name)")
    }
  }

  @Test func `a report written again follows the archive`() throws {
    let (site, folder) = try Self.report()
    let daemon = try site.serve()
    defer { daemon.terminate() }
    _ = try site.control(["clusters", "name", "c0001", "heads & <others>"])
    try site.simulate(60, first: 60)
    #expect(eventually { site.annotated == 120 })
    _ = try site.control(["recluster", "--wait"])
    #expect(try site.control(["report", folder]).contains("120 units"))
    let store = try SQLiteStore(path: site.store, readOnly: true)
    let clusters = try store.clusters()
    let paths = Set(clusters.map { "clusters/\(ClusterRecord.label($0.id)).html" })
    let living = Set(
      clusters.filter { $0.retired == nil }.map {
        "clusters/\(ClusterRecord.label($0.id)).html"
      })
    let written = Set(
      Self.pages(folder).filter { $0.wholeMatch(of: /clusters\/c\d+\.html/) != nil })
    #expect(written == paths)
    // The page of an ended cluster says so and leads on.
    for record in clusters where record.retired != nil {
      let label = ClusterRecord.label(record.id)
      let page = try String(contentsOfFile: "\(folder)/clusters/\(label).html", encoding: .utf8)
      let successor = ClusterRecord.label(try #require(try store.resolve(cluster: record.id)))
      #expect(page.contains("ended in generation 2"))
      #expect(page.contains("href=\"\(successor).html#was-\(label)\""))
      let other = try String(
        contentsOfFile: "\(folder)/clusters/\(successor).html", encoding: .utf8)
      #expect(other.contains("id=\"was-\(label)\""))
    }
    let history = try String(contentsOfFile: folder + "/history.html", encoding: .utf8)
    #expect(history.contains("Generation 1 to 2"))
    if living.contains("clusters/c0001.html") {
      let page = try String(contentsOfFile: folder + "/clusters/c0001.html", encoding: .utf8)
      #expect(page.contains("heads &amp; &lt;others>"))
    }
  }

  @Test func `a report holds the pages of studies that are asked for`() throws {
    let (site, folder) = try Self.report()
    func studies() -> Int { Self.pages(folder).count { $0.hasPrefix("studies/") } }
    #expect(studies() == 60)
    _ = try site.control(["report", folder, "--studies", "none"])
    #expect(studies() == 0)
    #expect(!FileManager.default.fileExists(atPath: folder + "/img/units"))
    _ = try site.control(["report", folder, "--studies", "all"])
    #expect(studies() == 60)
    #expect(
      try site.control(["report", folder, "--studies", "some"], code: ExitCode.usage.rawValue)
        .contains("--studies takes one of all, shown, none"))
    // What a study's page says is what the log says.
    let event = try #require(try site.events("annotation").first)
    let key = try #require(event["unit_key"]?.string)
    let page = try String(contentsOfFile: "\(folder)/studies/\(key).html", encoding: .utf8)
    #expect(page.contains("<h1>Study \(key.prefix(12))</h1>"))
    #expect(page.contains("clusters/\(event["cluster"]?.string ?? "?").html"))
    #expect(page.contains("<dt>Margin</dt>") && page.contains("first annotation"))
    #expect(!page.contains(event["time"]?.string?.prefix(13) ?? "?"))
  }

  @Test(arguments: [1280, 390])
  func `a browser shows every page without errors and without a network`(width: Int) throws {
    let (site, folder) = try Self.report()
    for page in Self.pages(folder).filter({ !$0.hasPrefix("studies/") })
      + Self.pages(folder).filter({ $0.hasPrefix("studies/") }).prefix(2)
    {
      let picture = site.folder.path + "/page.png"
      let output = try Self.browser.run([
        "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
        "--user-data-dir=\(site.folder.path)/browser", "--window-size=\(width),900",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--screenshot=\(picture)",
        "file://\(folder)/\(page)",
      ])
      #expect(output.errors.contains("written to file"), "\(page): \(output.errors)")
      let complaints = output.errors.split(separator: "\n").filter {
        $0.contains("CONSOLE") || $0.contains("ERR_")
      }
      #expect(complaints.isEmpty, "\(page)")
    }
  }

  @Test func `an image that may hold identifiers is not shown`() throws {
    let site = try Site(bootstrap: 20, k: 2)
    try site.simulate(20)
    try site.once()
    for (study, burnedIn) in [("1.2.3.1", "YES"), ("1.2.3.2", "NO"), ("1.2.3.3", "")] {
      try SyntheticFile.write(
        "\(site.input)/\(study)", study: study, instance: study + ".1",
        changes: [0x0028_0301: burnedIn])
    }
    try site.once()
    let store = try SQLiteStore(path: site.store, readOnly: true)
    let shown = try site.events("annotation").suffix(3).compactMap { event in
      try store.hasThumbnail(event["unit_key"]?.string ?? "")
    }
    #expect(shown.count { !$0 } == 1)

    // A new version of a shown image says that it must not be shown.
    try SyntheticFile.write(
      "\(site.input)/1.2.3.2", study: "1.2.3.2", instance: "1.2.3.2.1",
      changes: [0x0028_0301: "YES", 0x0018_0050: "3"])
    try site.once()
    #expect(try site.events("revision").map { $0["reason"]?.string } == ["new_version"])
    let key = try #require(try site.events("revision").first?["unit_key"]?.string)
    #expect(try store.hasThumbnail(key) == false)
  }

  /// The content of a folder, including the targets of links.
  private static func content(_ folder: String) throws -> [String: Data] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(into: [:]) {
      $0[$1] = FileManager.default.contents(atPath: folder + "/" + $1) ?? Data()
    }
  }

  @Test func `files of others are never written to, replaced or removed`() throws {
    let (site, folder) = try Self.report()
    // A folder of someone else's pages.
    let others = try site.folder.folder("others")
    for name in ["clusters", "img"] {
      try site.folder.folder("others/" + name)
      try site.folder.file("others/\(name)/c0001.html", "mine")
    }
    try site.folder.file("others/index.html", "mine")
    let before = try Self.content(others)
    let refused = try site.control(["report", others], code: ExitCode.cannotCreate.rawValue)
    #expect(refused.contains("is not empty and holds no report of radiologynet"))
    #expect(refused.contains("give another folder, or an empty one"))
    // Our own report with planted links and someone else's page.
    for name in ["img", "clusters", "index.html"] {
      let place = folder + "/" + name
      try FileManager.default.moveItem(atPath: place, toPath: place + ".aside")
      try FileManager.default.createSymbolicLink(
        atPath: place, withDestinationPath: others + "/" + name)
      _ = try? site.ctl.run(["--config", site.configuration, "report", folder])
      #expect(try Self.content(others) == before, "\(name)")
      try FileManager.default.removeItem(atPath: place)
      try FileManager.default.moveItem(atPath: place + ".aside", toPath: place)
    }
    try site.folder.file("report/img/c0000-notes.png", "mine")
    _ = try site.control(["report", folder])
    #expect(try readFile(folder + "/img/c0000-notes.png") == Data("mine".utf8))
    // The folder itself as a link.
    let link = site.folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder)
    for path in [link, link + "/"] {
      #expect(
        try site.control(["report", path], code: ExitCode.cannotCreate.rawValue).contains(
          "symbolic link"))
    }
  }

  @Test func `without a generation there is nothing to report`() throws {
    let site = try Site()
    try site.once()
    #expect(
      try site.control(
        ["report", site.folder.path + "/report"], code: ExitCode.data.rawValue
      )
      .contains("no generation yet"))
  }
}
