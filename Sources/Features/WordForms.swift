/// Which words the terms of reports stand for. Like a term, a word counts only if enough patients share it.
struct WordForms {
  private struct Form {
    let term: String
    var texts = 0
    /// At most `minimumPatients` of them.
    var patients: Set<String> = []
  }

  private var forms: [String: Form] = [:]
  private let minimumPatients: Int

  init(minimumPatients: Int) { self.minimumPatients = minimumPatients }

  /// - Parameters:
  ///   - words: those of one text, in lower case.
  ///   - terms: the term of each word that has one.
  mutating func add(_ words: Set<String>, terms: [String: String?], patient: String) {
    for word in words {
      guard case .some(.some(let term)) = terms[word] else { continue }
      var form = forms[word] ?? Form(term: term)
      form.texts += 1
      if form.patients.count < minimumPatients { form.patients.insert(patient) }
      forms[word] = form
    }
  }

  /// The commonest word of each term; ties go to the first in alphabetical order.
  func commonest() -> [String: String] {
    let shared = forms.filter { $0.value.patients.count >= minimumPatients }
    return shared.sorted { ($0.value.texts, $1.key) > ($1.value.texts, $0.key) }
      .reduce(into: [:]) { words, form in
        if words[form.value.term] == nil { words[form.value.term] = form.key }
      }
  }
}
