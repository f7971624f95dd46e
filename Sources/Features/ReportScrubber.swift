import Core

/// Removes from a report what identifies its patient or author by form or position: addresses, document numbers, dates,
/// signatures, names after titles. `PersonNames` handles what only a list of names can identify. For one thread at a
/// time.
struct ReportScrubber {
  private let tokens = ReportTokens()
  /// By their first word.
  private let phrases: [String: [[String]]]
  private let roles: Set<String>

  /// - Parameter signatures: what else begins a signature at this site: words or staff names.
  init(signatures: [String]) {
    let own = signatures.map { SignatureWords.phrase($0) }
    phrases = Dictionary(
      grouping: (SignatureWords.phrases + own).filter { !$0.isEmpty }, by: { $0[0] })
    roles = Set(SignatureWords.roles.compactMap(\.first))
  }

  /// The text without identifying parts; lines are kept.
  ///
  /// - Parameter names: names of two letters, or joined to another word, which only capitals distinguish from words.
  func scrubbed(_ text: String, _ names: PersonNames) -> String {
    var isSigned = false
    var kept = ""
    for line in tokens.lines(text) {
      var tokens = line
      let hasWords = tokens.contains { !$0.traits.words.isEmpty }
      if isSigned, hasWords {
        // The signer's name follows.
        isSigned = false
        if tokens.count <= 8 { continue }
      }
      dropNumbers(&tokens)
      dropNames(&tokens, names)
      dropTitles(&tokens)
      dropAttestation(&tokens)
      if hasWords { isSigned = dropSignature(&tokens) }
      for token in tokens where !token.isDropped { kept += token.text + " " }
      kept += "\n"
    }
    return kept
  }

  private func dropNumbers(_ tokens: inout [ReportToken]) {
    for index in tokens.indices {
      if tokens[index].traits.isIdentifying { tokens[index].isDropped = true }
      guard let month = tokens[index].traits.month else { continue }
      // 12-Mar-2024 is one token, 12. March 2024 three.
      let parts = month.split(whereSeparator: { "-/.".contains($0) })
      let place = parts.firstIndex { $0.first?.isLetter == true } ?? 0
      let before = place > 0 ? parts[place - 1] : index > 0 ? tokens[index - 1].text : nil
      let after =
        place + 1 < parts.count
        ? parts[place + 1] : index + 1 < tokens.count ? tokens[index + 1].text : nil
      if Identification.isNumberOfDate(before) || Identification.isNumberOfDate(after) {
        tokens[index].isDropped = true
      }
    }
  }

  private func dropNames(_ tokens: inout [ReportToken], _ names: PersonNames) {
    for index in tokens.indices
    where tokens[index].traits.nameLike.contains(where: names.containsWritten) {
      tokens[index].isDropped = true
    }
  }

  /// Dr. med. Ana Horvat; Mr Horvat; Ana Horvat, MD.
  private func dropTitles(_ tokens: inout [ReportToken]) {
    let isShouted = !tokens.contains(where: \.traits.hasSmallLetters)
    for index in tokens.indices {
      let traits = tokens[index].traits
      if traits.isSuffix {
        tokens[index].isDropped = true
        for place in tokens[..<index].indices.suffix(3).reversed() {
          guard tokens[place].traits.isCapitalised || tokens[place].isDropped else { break }
          tokens[place].isDropped = true
        }
      }
      let isTitle = traits.isTitle
      guard isTitle || traits.isAddress else { continue }
      var place = index + 1
      var names = 0
      if isTitle { tokens[index].isDropped = true }
      // Dr.med.Horvat
      if isTitle, traits.words.last.map({ !isDegree($0) }) == true { continue }
      while place < tokens.count, names < (isShouted ? 2 : 4) {
        let token = tokens[place].traits
        let isTitled = token.words.allSatisfy(isDegree)
        let isParticle = token.words.count == 1 && Self.particles.contains(token.words[0])
        guard isTitled || isParticle || token.isCapitalised || isTitle && names == 0 else { break }
        tokens[place].isDropped = true
        tokens[index].isDropped = true
        place += 1
        if isTitled { continue }
        if !isParticle, token.letters > 1 { names += 1 }
        if token.isEnd || !isParticle && token.isSmall { break }
      }
    }
  }

  /// I, Ana Horvat, have reviewed
  private func dropAttestation(_ tokens: inout [ReportToken]) {
    for index in tokens.indices where tokens[index].text == "I," {
      for place in tokens.indices[(index + 1)...].prefix(4) {
        guard tokens[place].traits.isCapitalised || tokens[place].isDropped else { break }
        tokens[place].isDropped = true
      }
    }
  }

  private func isDegree(_ word: String) -> Bool {
    SignatureWords.degrees.contains(word) || SignatureWords.titles.contains(word)
  }

  private static let particles = Set([
    "van", "von", "der", "den", "de", "da", "di", "la", "le", "del", "della", "dos", "du", "al",
    "el", "bin", "ibn",
  ])

  /// - Returns: whether the signature continues on the next line.
  private func dropSignature(_ tokens: inout [ReportToken]) -> Bool {
    let words = tokens.indices.flatMap { index in
      tokens[index].traits.words.map { (word: $0, token: index) }
    }
    for start in words.indices {
      let token = words[start].token
      let isRole =
        tokens[token].traits.hasColon && roles.contains(words[start].word)
      let length =
        isRole
        ? 1
        : phrases[words[start].word]?.filter { phrase in
          words[start...].prefix(phrase.count).map(\.word) == phrase
        }.map(\.count).max()
      guard let length else { continue }
      // A report may be one long line, with the signature at its beginning.
      let last = words[start + length - 1].token
      let end = tokens.count - last <= 14 ? tokens.count : last + 9
      for index in token..<end { tokens[index].isDropped = true }
      if end == tokens.count { return start + length == words.count }
      let rest = tokens[end...].indices
      var remaining = Array(tokens[rest])
      let goesOn = dropSignature(&remaining)
      tokens.replaceSubrange(rest, with: remaining)
      return goesOn
    }
    return false
  }
}
