/// The words of persons' names as DICOM and HL7 write them.
package enum NameWords {
  /// The words of two letters and more, each once, and names of several words written together: `Van der Kanarek^Ana`
  /// gives van, der, kanarek, vanderkanarek, derkanarek and ana.
  ///
  /// - Parameter names: components separated by `^`; names separated by `=`, `\` or line feeds.
  package static func of(_ names: String) -> [String] {
    var found: Set<String> = []
    for name in names.lowercased().utf8.split(whereSeparator: { "=\\\n\r".utf8.contains($0) }) {
      var whole: [String] = []
      for component in name.split(separator: UInt8(ascii: "^")) {
        let words = String(decoding: component, as: UTF8.self).letterRuns
        found.formUnion(words)
        // More words are a sentence, not a name.
        if (2...5).contains(words.count) {
          for start in 0..<words.count - 1 { found.insert(words[start...].joined()) }
        }
        whole += words
      }
      // Family and given name, without a blank between them.
      if (2...4).contains(whole.count),
        whole.allSatisfy({ $0.unicodeScalars.allSatisfy(NameSpelling.isUnspaced) })
      {
        found.insert(whole.joined())
      }
    }
    return found.filter { $0.count >= 2 && !titles.contains($0) }.sorted()
  }

  /// Words before a name that can be distinguished from a word's own beginning.
  static let particles = [
    "vander", "vanden", "vonder", "vande", "fitz", "von", "van", "mac", "ibn", "bin", "abu", "mc",
  ]

  /// Prefixes and suffixes of names, which would be refused as terms.
  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "med", "md", "phd", "jr", "sr", "ii", "iii", "iv",
  ]
}
