import Core

/// The text between two spaces of a report.
struct ReportToken {
  let text: Substring
  let traits: Traits
  var isDropped = false

  /// What follows from the text alone. Reports use few distinct tokens, so it is computed once for each.
  struct Traits {
    /// Its words, normalised for comparison.
    let words: [String]
    let isCapitalised: Bool
    let isSmall: Bool
    let hasSmallLetters: Bool
    /// Ends a sentence or clause, not an initial or an abbreviated title.
    let isEnd: Bool
    let hasColon: Bool
    let letters: Int
    let isIdentifying: Bool
    /// The token without surrounding marks, if its only word is a month.
    let month: Substring?
    /// Parts that are names only if a list of names contains them: two letters, or a capital inside.
    let nameLike: [Substring]
    let isTitle: Bool
    let isAddress: Bool
    let isSuffix: Bool

    init(_ text: Substring) {
      words = SignatureWords.phrase(text)
      let first = text.first { $0.isLetter }
      isCapitalised = first?.isUppercase == true
      isSmall = first?.isLowercase == true
      hasSmallLetters = text.contains(where: \.isLowercase)
      let isStop = text.last == "." && (words.last?.count ?? 0) > 4
      isEnd = isStop || text.last.map { ",;:)".contains($0) } == true
      hasColon = text.contains { ":：".contains($0) }
      let plain = text.filter(\.isLetter)
      letters = plain.count
      let trimmed = text.trimming { "()[]{}<>,;:.!?\"'".contains($0) }
      isIdentifying = Identification.isIdentifying(trimmed)
      let bare = Tokenizer.words(String(trimmed))
      month = bare.count == 1 && Identification.months.contains(bare[0]) ? trimmed : nil
      nameLike = text.split(whereSeparator: { !$0.isLetter }).filter(PersonNames.mayBeWritten)
      isTitle = words.contains(where: SignatureWords.titles.contains)
      isAddress = SignatureWords.addresses.contains(plain)
      isSuffix = SignatureWords.suffixes.contains(plain.lowercased())
    }
  }
}

/// Splits texts into tokens. For one thread at a time.
final class ReportTokens {
  private var met: [Substring: ReportToken.Traits] = [:]

  /// Lines of tokens; empty ones are left out.
  func lines(_ text: String) -> [[ReportToken]] {
    // ASCII has no character boundaries to find, which would take longer than everything else.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return text.split(whereSeparator: \.isNewline).map { line in
        line.split(whereSeparator: \.isWhitespace).map(token)
      }
    }
    return text.utf8.split { (0x0a...0x0d).contains($0) }.map { line in
      line.split { $0 == 0x20 || $0 == 0x09 }.map { token(Substring($0)) }
    }
  }

  private func token(_ text: Substring) -> ReportToken {
    if let known = met[text] { return ReportToken(text: text, traits: known) }
    // A copy: a substring would keep the whole report in memory.
    let own = Substring(String(text))
    let traits = ReportToken.Traits(own)
    if met.count >= 100_000 { met = [:] }
    met[own] = traits
    return ReportToken(text: text, traits: traits)
  }
}

extension Substring {
  fileprivate func trimming(_ isMargin: (Character) -> Bool) -> Substring {
    var trimmed = self[...]
    while let first = trimmed.first, isMargin(first) { trimmed = trimmed.dropFirst() }
    while let last = trimmed.last, isMargin(last) { trimmed = trimmed.dropLast() }
    return trimmed
  }
}
