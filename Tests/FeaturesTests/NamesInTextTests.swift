import Core
import Testing

@testable import Features

/// No name and no identifier of a text becomes a term, however it is written.
@Suite struct NamesInTextTests {
  @Test(arguments: [
    ("horvat", "Pacijent Horvata, Horvatov, Horvatom, Horvatova"), ("marić", "Marića Marica"),
    ("ivana", "Ivane Ivani Ivanom"), ("petar", "Petra Petru"), ("đurić", "Djuric Đurića Duric"),
    ("müller", "Mueller Muller Müllers MÜLLER"), ("kanarek", "Kanarka Kanarek van der Kanarek"),
    ("mccanary", "McCanary Mc Canary MCCANARY"), ("canary", "McCanary"),
    ("brien", "OBrien O'Brien"),
    ("kowalski", "Kowalskiego Kowalskiemu"), ("schmidt", "Schmidts"), ("kovačević", "Kovacevica"),
    ("sørensen", "Sorensen Soerensen Sørensens"), ("håkansson", "Haakansson Hakansson"),
    ("şahin", "Sahin Şahin"), ("li", "LI Li"), ("иванов", "Иванова Ивановым Ivanova"),
  ]) func `a name is found in other spellings and cases`(_ name: String, _ text: String) throws {
    let stems = try Tokenizer(language: "none").stems(text, without: PersonNames([name]))
    let left = Set(stems).subtracting(["mc", "van", "der", "pacijent"])
    #expect(left.isEmpty)
    #expect(
      Tokenizer.words(text).filter { $0.count > 3 && $0 != "pacijent" }
        .allSatisfy(PersonNames([name]).contains))
  }

  @Test(arguments: [
    ("oliver", "liver"), ("ana", "analysis"), ("horvat", "horizontal"), ("thor", "thorax"),
    ("lee", "left"), ("stern", "sternum"), ("novak", "nodule"), ("mac", "macular"),
  ]) func `other words stay`(_ name: String, _ word: String) {
    #expect(!PersonNames([name]).contains(word))
  }

  @Test(arguments: [
    ("Contact john.doe@klinik-nord.example or www.example.org", ["contact", "or"]),
    ("see https://pacs.example.org/viewer?id=4", ["see"]),
    ("host pacs01.radiology.example.org", ["host"]),
    ("document AB-123456 and X998877Y", ["document", "and"]),
    ("Dr. med. Hans Schmidt. Lungs clear", ["lungs", "clear"]),
    ("seen by Prof. Ana Kovač today", ["seen", "by", "today"]),
    ("No fracture.\nElectronically signed by: Jane Roe, MD", ["no", "fracture"]),
    ("Bez osobitosti. Potpisao: Ivo Ivić", ["bez", "osobitosti"]),
    ("DR Thorax Hämatom", ["dr", "thorax", "hämatom"]),
    ("L4-L5 T12 5cm lesion, C5/C6", ["cm", "lesion"]),
    ("Unauffällig.Kein Erguss", ["unauffällig", "kein", "erguss"]),
  ]) func `what identifies by its form is left out`(_ text: String, _ words: [String]) throws {
    let made = try Tokenizer(language: "none").words(text, without: PersonNames([]))
    #expect(made.filter { $0.count > 1 } == words)
  }

  @Test func `a vocabulary refuses names of others, short ones and inflected ones`() throws {
    let report = "Horvata hematom Ng Wu Müllers lesion fracture liver kidney bone"
    let encoder = try #require(
      try TextEncoder(
        fitting: (0..<20).map { _ in (report, []) }, components: 2, language: "none", seed: 1,
        refusing: ["horvat", "ng", "wu", "mueller", "mr"]))
    #expect(
      Set(encoder.vocabulary) == ["hematom", "lesion", "fracture", "liver", "kidney", "bone"])
    let refused = try RefusedWords(["mr"], language: "none")
    #expect(!refused.contains("mr"))
    #expect(refused.contains("ab123"))
  }
}
