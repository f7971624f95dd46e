import Core
import Testing

@testable import Features

@Suite struct WordFormTests {
  @Test func `a term is shown by its commonest word that enough patients share`() {
    var forms = WordForms(minimumPatients: 3)
    let terms: [String: String?] = [
      "metastases": "metastas", "metastasis": "metastas", "metastatic": "metastat", "the": nil,
    ]
    for patient in 0..<5 {
      forms.add(["metastases", "the"], terms: terms, patient: "p\(patient)")
    }
    for patient in 0..<3 { forms.add(["metastasis"], terms: terms, patient: "p\(patient)") }
    // Often, but always of two patients.
    for text in 0..<9 { forms.add(["metastatic"], terms: terms, patient: "p\(text % 2)") }
    #expect(forms.commonest() == ["metastas": "metastases"])
  }

  @Test func `an encoder's words stand for its terms, and none is a name`() throws {
    let texts = (0..<30).map { number in
      TrainingText(
        text: "Fractures of the vertebrae. Canaries seen by \(number % 2 == 0 ? "Canary" : "us"). "
          + "Pulmonary opacities, effusions, nodules.",
        names: ["canary"], patient: "p\(number)")
    }
    let encoder = try #require(
      try TextEncoder(
        fitting: texts, components: 2,
        vocabulary: .init(language: "english", minimumPatients: 5), seed: 1))
    #expect(encoder.words.count == encoder.vocabulary.count)
    #expect(encoder.vocabulary.contains("fractur") && encoder.words.contains("fractures"))
    #expect(encoder.words.contains("vertebrae"))
    #expect(!encoder.words.contains { $0.hasPrefix("canar") })
  }
}
