import Core
import Foundation
import TestSupport
import Testing

/// A corpus with names in many languages, spellings and places: none gets into a vocabulary or onto a page.
@Suite(.endsHang) struct VocabularyTests {
  /// PatientName, and how reports write the name.
  private static let patients: [(name: String, forms: [String])] = [
    ("Horvat^Ana", ["Horvata", "Horvatov", "Anom Horvat", "HORVATOVA"]),
    ("Đurić^Petar", ["Djuric", "Đurićem", "Petra Đurića", "duric"]),
    ("Müller^Jürgen", ["Mueller", "Muller", "Müllers", "JUERGEN"]),
    ("Groß^Käthe", ["Gross", "Großens Kaethe"]), ("Kowalski^Łukasz", ["Kowalskiego", "Lukasza"]),
    ("Nováková^Zdeňka", ["Novakove", "Zdenky"]), ("Sørensen^Åse", ["Soerensen", "Aase Sorensens"]),
    ("Nagy^Zsófia", ["Nagynak", "Zsofia"]), ("Yılmaz^Şule", ["Yilmaz'ın", "Sule"]),
    ("McCanary^Sean", ["Mc Canary", "MacCanary", "Canary's", "Seans"]),
    ("van der Kanarek^Piet", ["Vanderkanarek", "Van Der Kanarek", "Kanareks"]),
    ("O'Mallory^Deirdre", ["OMallory", "Mallory"]), ("al-Kanari^Omar", ["Alkanari", "Kanari"]),
    ("Li^Wu", ["Li", "WU", "Mr Li"]), ("Ng^Đỗ", ["NG", "Đỗ"]),
    ("Papadopoulos^Eleni=Παπαδόπουλος^Ελένη", ["Παπαδοπούλου", "Ελένης", "Papadopoulou"]),
    ("Ivanova^Yuliya=Иванова^Юлия", ["Ивановой", "Юлии", "Ivanovoj", "Julija"]),
    ("Wang^Xiaoming=王^小明", ["王小明", "患者王小明", "Xiaoming"]),
    ("Yamada^Taro=山田^太郎=ヤマダ^タロウ", ["山田様", "太郎", "ヤマダ"]),
    ("Kim^Minsu=김^민수", ["김민수", "민수"]), ("Lefèvre^Chloé", ["Lefevre", "CHLOE"]),
    ("Muñoz^Íñigo", ["Munoz", "Inigo"]), ("Țurcanu^Ștefan", ["Turcanu", "Stefanului", "Stefana"]),
  ]
  /// The endings of reports, with names that are in no header.
  private static let signatures = [
    "Electronically signed by Zachary Radiologson, MD on 12 March 2024",
    "Dictated by: Zachary Radiologson", "gez. Dr. med. Zachary Radiologson",
    "Befund validiert durch Radiologson", "Potpisala: Zachary Radiologson", "Prof. Radiologson",
    "Signed by:\nZachary Radiologson",
  ]
  private static let contacts =
    "Call radiologson@clinic.example or https://radiologson.example, pacs01.radiologson.intern; case RADIOLOGSON20241."
  private static let findings = [
    "Consolidation of the right lower lobe, pneumonia with pleural effusion.",
    "Fracture of the distal radius with dislocation.",
    "Hepatic steatosis, gallstones, normal spleen.",
    "Disc herniation at L4-5 with stenosis.", "Ischemic infarction of the cerebral artery.",
  ]

  /// Every name is in the reports of all patients, like those of relatives and physicians.
  private static func text(_ index: Int) -> String {
    let own = patients[index % patients.count].forms
    let others = patients.flatMap(\.forms)
    return """
      \(own.joined(separator: " was seen, ")) was seen. \(findings[index % findings.count])
      Relatives: \(others.joined(separator: ", ")).
      \(contacts)
      Phone +385 51 123 456, born 1. ožujka 1970.
      \(signatures[index % signatures.count])

      """
  }

  private static func makeSite(named: Bool) throws -> Site {
    let site = try Site(bootstrap: 500, k: 2)
    try site.folder.folder("export/reports")
    for index in 0..<patients.count * 2 {
      let name = patients[index % patients.count].name
      var file = RawDataSet(study: "1.2.3.\(index)")
      file.set(0x0008_0005, "CS", "ISO_IR 192")
      file.set(0x0010_0010, "PN", named ? name : "Unknown")
      file.set(0x0010_0020, "LO", "P\(index)")
      try file.file(.explicit).write(to: URL(fileURLWithPath: "\(site.input)/\(index).dcm"))
      let report =
        index % 2 == 0
        ? ("reports/1.2.3.\(index).txt", text(index))
        : (
          "\(index).hl7",
          "MSH|^~\\&|RIS|H|R|H|2026||ORU^R01|1|P|2.5|||||||UNICODE UTF-8\r"
            + "PID|1||\(index)||\(named ? name.replacing("=", with: "~") : "X")\r"
            + "ZDS|1.2.3.\(index)\rOBR|1||A\(index)\r"
            + "OBX|1|TX|R||\(text(index).replacing("\n", with: "~"))\r"
        )
      try site.folder.file("export/" + report.0, report.1)
    }
    return site
  }

  private static func vocabulary(_ site: Site) throws -> [String] {
    let bundles = site.folder.path + "/state/bundles"
    let hash = try #require(
      FileManager.default.contentsOfDirectory(atPath: bundles).first { $0 != "active" })
    let text = try String(contentsOfFile: "\(bundles)/\(hash)/text.json", encoding: .utf8)
    return try JSON(parsing: text)["vocabulary"]?.array?.compactMap(\.string) ?? []
  }

  /// Prefixes that must not be found, in lower case.
  private static let canaries = [
    "horvat", "djuri", "đuri", "duri", "müller", "muell", "mulle", "jürg", "juerg", "groß", "gross",
    "käth", "kaeth",
    "kowal", "łuka", "lukas", "novak", "zden", "sørens", "soeren", "sorens", "aase", "nagy", "zsóf",
    "zsof",
    "yilm", "sule", "canar", "maccan", "sean", "kanar", "vanderk", "omall", "mallor", "alkan",
    "papado", "παπαδ", "ελεν",
    "ελέν", "иванов", "юли", "ivanov", "julij", "xiaom", "小明", "山田", "太郎", "ヤマ", "민수", "lefev",
    "chlo", "munoz",
    "inig", "turcan", "stefan", "radiologson", "zachar",
  ]

  @Test func `no name gets into a vocabulary or onto a page`() throws {
    let site = try Self.makeSite(named: true)
    _ = try site.control(["train"])
    let vocabulary = try Self.vocabulary(site)
    #expect(vocabulary.contains { $0.hasPrefix("pneumon") }, "\(vocabulary)")
    #expect(vocabulary.contains { $0.hasPrefix("fractur") })
    for canary in Self.canaries {
      #expect(!vocabulary.contains { $0.contains(canary) }, "\(canary)")
    }
    for word in ["li", "wu", "ng", "đỗ", "petra", "piet", "omar", "ožujka", "march"] {
      #expect(!vocabulary.contains(word), "\(word)")
    }
    #expect(try site.control(["bundle", "verify"]).contains(" 0 look like names"))

    try site.once()
    let pages = site.folder.path + "/pages"
    _ = try site.control(["report", pages])
    for (name, data) in try site.outputs() where !name.hasPrefix("radiologynet.toml") {
      let text = String(decoding: data, as: UTF8.self).lowercased()
      for canary in Self.canaries where canary.utf8.count >= 6 {
        #expect(!text.contains(canary), "\(name): \(canary)")
      }
    }
  }

  @Test func `names in an old vocabulary are found, and shown by first letter and length`() throws {
    // No name is in a header here, so names become terms, as they once did.
    let old = try Self.makeSite(named: false)
    _ = try old.control(["train"])
    let archive = try Self.makeSite(named: true)
    #expect(try Self.vocabulary(old).contains { $0.hasPrefix("horvat") })
    #expect(try old.control(["bundle", "verify"]).contains(" 0 look like names"))
    let output = try old.ctl.run(
      ["--config", old.configuration, "bundle", "verify", "--input", archive.input])
    #expect(output.code == ExitCode.data.rawValue)
    #expect(output.output.contains("h… (6)"), "\(output.output)")
    #expect(output.errors.contains("train a new bundle"))
    let told = (output.output + output.errors).lowercased()
    for canary in Self.canaries { #expect(!told.contains(canary), "\(canary)") }
    _ = try old.control(
      ["bundle", "verify", "--input", old.folder.path + "/nowhere"],
      code: ExitCode.noInput.rawValue)
    _ = try old.control(["bundle", "verify", "--input"], code: ExitCode.usage.rawValue)
  }
}
