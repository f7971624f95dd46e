import Core

/// A name for a cluster that no one has named: modality, body part and the words that distinguish it, such as
/// `CT chest: effusion, pleural`.
struct SuggestedName {
  let text: String

  private static let mostWords = 3

  /// - Parameters:
  ///   - words: of the diagnoses, most distinctive first.
  ///   - taken: names that others have, in lower case.
  init(_ cluster: ClusterProfile, words: [String], besides taken: Set<String>) {
    self.init(
      modality: cluster.modality, bodyPart: cluster.bodyPart, words: words, label: cluster.label,
      besides: taken)
  }

  /// - Parameter label: tells it from clusters of the same content.
  init(modality: Mix, bodyPart: Mix, words: [String], label: String, besides taken: Set<String>) {
    let modalities = modality.leading
    let parts = bodyPart.leading.map { $0.lowercased() }
    let kinds = [
      modalities.isEmpty ? "several modalities" : modalities.joined(separator: " and "),
      parts.joined(separator: " and "),
    ].filter { !$0.isEmpty }.joined(separator: " ")
    // What modality and body part say already is no news.
    let said = Set((modalities + bodyPart.leading).map { $0.lowercased() })
    let telling = words.filter { !said.contains($0) && !FillerWords.all.contains($0) }
    let names = (0...max(0, telling.count - Self.mostWords)).map { more -> String in
      let shown = telling.prefix(more > 0 ? Self.mostWords - 1 : Self.mostWords)
      let last = more > 0 ? [telling[Self.mostWords - 1 + more]] : []
      let list = (shown + last).joined(separator: ", ")
      return kinds + (list.isEmpty ? "" : ": " + list)
    }
    let free = names.first { !taken.contains($0.lowercased()) } ?? "\(names[0]) (\(label))"
    text = ClusterName(String(free.prefix(ClusterName.longest)))?.text ?? label
  }
}
