/// The details of a command, or the comments of a setting: paragraphs, and lists of terms with their meanings. A list's
/// lines are indented by two spaces, with two or more between term and meaning; lines indented further continue it.
struct HelpText {
  enum Block: Equatable {
    case paragraph(String)
    case item(term: String, meaning: String)
  }

  private(set) var blocks: [Block]

  init(_ blocks: [Block]) { self.blocks = blocks }

  init(_ text: String) {
    blocks = []
    var isNew = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let indent = line.prefix { $0 == " " }.count
      let words = line.dropFirst(indent)
      switch (blocks.last, words.isEmpty, indent) {
      case (_, true, _): break
      case (.item(let term, let meaning)?, false, 3...):
        blocks[blocks.count - 1] = .item(term: term, meaning: Self.joined(meaning, words))
      case (_, false, 2...): blocks.append(Self.item(words))
      case (.paragraph(let text)?, false, _) where !isNew:
        blocks[blocks.count - 1] = .paragraph(Self.joined(text, words))
      default: blocks.append(.paragraph(String(words)))
      }
      isNew = words.isEmpty
    }
  }

  private static func item(_ words: Substring) -> Block {
    guard let gap = words.firstRange(of: "  ") else {
      return .item(term: String(words), meaning: "")
    }
    return .item(
      term: String(words[..<gap.lowerBound]),
      meaning: String(words[gap.upperBound...].drop { $0 == " " }))
  }

  private static func joined(_ text: String, _ words: Substring) -> String {
    text.isEmpty ? String(words) : text + " " + words
  }

  /// Plain text: a blank line between paragraphs and lists, terms in a column.
  func plain(width: Int) -> String {
    let column = min(16, 4 + (blocks.compactMap(Self.term).map(\.count).max() ?? 0))
    var text = ""
    for (index, block) in blocks.enumerated() {
      let follows = index > 0 && Self.term(block) != nil && Self.term(blocks[index - 1]) != nil
      if index > 0 { text += follows ? "\n" : "\n\n" }
      switch block {
      case .paragraph(let words): text += Self.wrapped(words, width: width)
      case .item(let term, let meaning):
        let rest = String(repeating: " ", count: column)
        let isShort = term.count + 4 <= column
        text +=
          isShort
          ? Self.wrapped(
            meaning, width: width, first: ("  " + term).padding(to: column), rest: rest)
          : "  \(term)"
            + (meaning.isEmpty
              ? "" : "\n" + Self.wrapped(meaning, width: width, first: rest, rest: rest))
      }
    }
    return text
  }

  private static func term(_ block: Block) -> String? {
    if case .item(let term, _) = block { term } else { nil }
  }

  /// Words in lines of at most `width` columns, unless a single word is longer.
  static func wrapped(_ text: String, width: Int, first: String = "", rest: String = "") -> String {
    var lines = [first]
    var isFresh = true
    for word in text.split(separator: " ") {
      if !isFresh, lines[lines.count - 1].count + 1 + word.count > width {
        lines.append(rest)
        isFresh = true
      }
      lines[lines.count - 1] += (isFresh ? "" : " ") + word
      isFresh = false
    }
    return lines.joined(separator: "\n")
  }
}
