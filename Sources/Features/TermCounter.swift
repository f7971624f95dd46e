import Core

/// Counts the known terms of texts. For one thread at a time.
package final class TermCounter {
  private let tokenizer: Tokenizer
  private let numbers: [String: Int]
  /// Caches the terms of words: reports use few distinct words.
  private var met: [String: Int?] = [:]

  init(tokenizer: Tokenizer, numbers: [String: Int]) {
    self.tokenizer = tokenizer
    self.numbers = numbers
  }

  package func terms(_ text: String, without names: [String]) -> TextEncoder.Terms {
    let names = PersonNames(names)
    var terms: TextEncoder.Terms = [:]
    for word in tokenizer.words(text, without: names) {
      if let number = number(word) { terms[number, default: 0] += 1 }
    }
    return terms
  }

  private func number(_ word: String) -> Int? {
    if let known = met[word] { return known }
    let number = tokenizer.stem(word).flatMap { numbers[$0] }
    if met.count >= 100_000 { met = [:] }
    met[word] = .some(number)
    return number
  }
}
