import Core
import Testing

@testable import Features

/// What is removed from a report before it becomes words: addresses, numbers, dates, signatures.
@Suite struct ScrubberTests {
  private static func words(_ text: String, names: [String] = []) throws -> [String] {
    try Tokenizer(language: "none", signatures: ["Befund erstellt", "Canaris"])
      .words(text, without: PersonNames(names))
  }

  @Test(arguments: [
    "anna.canary@clinic.example", "<canary@ri.kbc.hr>", "canary[at]kbc.hr", "https://canary.org/x",
    "www.canary.hr", "pacs01.canary.intern", "canary-ris.local:8080", "canary.kbc-rijeka.hr",
    "CANARY1234", "C4NARY567", "AB-123-456", "canary/2024/0815", "X123456789Z", "canary12345.",
  ])
  func `words that identify by form are removed`(_ token: String) throws {
    #expect(
      try Self.words("The lesion (\(token)) is stable.")
        == ["The", "lesion", "is", "stable"].map { $0.lowercased() })
  }

  @Test(arguments: [
    "L4-5", "T12", "C7", "3cm", "T2", "FLAIR", "O2", "C5-C6-C7", "L3/L4/L5", "120kV", "1024x768mm",
    "10x12x14mm",
    "T1/T2/FLAIR", "BI-RADS", "COVID-19", "Tc-99m-MDP", "I-131", "Lu-177-PSMA", "350mg", "1500ml",
    "4.5cm",
    "Th11-L2-S1", "GE", "fracture.The", "normal.No", "i.e.", "z.B.", "T1-weighted/T2-weighted",
  ])
  func `clinical text stays`(_ token: String) throws {
    #expect(try Self.words(token) == Tokenizer.words(token))
  }

  @Test(arguments: [
    "12 March 2024", "March 12, 2024", "12-Mar-2024", "12. ožujka 2024.", "5. Oktober",
    "le 3 février 2024",
    "12.03.2024", "2024-03-12T10:00", "12/3/24",
  ])
  func `dates are removed`(_ date: String) throws {
    #expect(try Self.words("seen \(date) again").filter { $0.count > 2 } == ["seen", "again"])
  }

  @Test func `a month without a day is a word`() throws {
    #expect(try Self.words("this may heal") == ["this", "may", "heal"])
  }

  @Test(arguments: [
    "Electronically signed by: Ana Canary, MD", "ELECTRONICALLY SIGNED BY ANA CANARY",
    "Dictated by A. Canary on call",
    "gez. Canary", "Befund validiert durch Canary Ana", "Potpisao: Canary",
    "Elektronički potpisano Canary",
    "Dr. med. Ana Canary", "Prof. Dr. med. univ. A. van der Canary", "dr Canary", "Ana Canary, MD",
    "A. Canary M.D.",
    "Herr Canary", "Mrs. Ana Canary", "Radiologist: Canary", "Dr.Canary", "Befund erstellt Canary",
    "Read: Canary", "Diktat: Canary/mw",
    "Canaris Canary",
    "Signed by:\nAna Canary", "Signé électroniquement par Canary", "Podpisał: Canary",
    "Подписал: Canary",
    "Mit freundlichen Grüßen\nCanary", "S poštovanjem,\nCanary", "ΥΠΟΓΡΑΦΗ: Canary", "报告医生：Canary",
  ])
  func `signatures are removed`(_ signature: String) throws {
    let words = try Self.words("Lung is clear.\n\(signature)\n")
    #expect(words.starts(with: ["lung", "is", "clear"]))
    #expect(!words.contains { $0.hasPrefix("canar") }, "\(words)")
  }

  @Test func `text around a name stays`() throws {
    #expect(
      try Self.words("Discussed with Dr. Canary at noon, fracture of the rib.\nNo effusion.")
        == ["discussed", "with", "at", "noon", "fracture", "of", "the", "rib", "no", "effusion"])
    #expect(
      try Self.words(
        "Dictated by A. Canary on call at night, then typed by hand. The lungs are clear and the heart is large."
      ).suffix(4) == ["the", "heart", "is", "large"])
  }

  @Test(arguments: [
    ("Mr Li was seen", ["was", "seen"]), ("LI WU: li", ["li"]), ("McCanary", []),
    ("DeCanary fell", ["fell"]),
    ("Ng, no", ["no"]), ("Canary-Li", []),
  ])
  func `capitals distinguish short and joined names`(_ text: String, _ words: [String]) throws {
    #expect(try Self.words(text, names: ["li", "wu", "ng", "canary"]) == words)
  }

  @Test(arguments: [
    "𝐂𝐚𝐧𝐚𝐫𝐲", "Can\u{ad}ary", "Ca\u{200b}nary", "Cаnаry", "Ｃａｎａｒｙ", "I, Canary, saw it",
    "I, Ana Canary, have seen it",
  ])
  func `lookalike letters, invisible characters and attestations don't hide a name`(_ text: String)
    throws
  {
    let words = try Self.words("the \(text) stable", names: text.hasPrefix("I,") ? [] : ["canary"])
    #expect(!words.contains { $0.contains("nary") || $0.contains("can") || $0.contains("ary") })
    #expect(words.contains("stable") && words.contains("the"))
  }
}
