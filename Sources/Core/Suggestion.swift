/// The known word that was probably meant by an unknown one.
package enum Suggestion {
  /// `; did you mean X?`, or nothing where no known word is near.
  package static func text(_ word: String, among known: some Sequence<String>) -> String {
    nearest(word, among: known).map { "; did you mean \($0)?" } ?? ""
  }

  /// - Returns: the known word with the fewest edits, a third of the letters at most; else the only one that begins
  ///   with `word`.
  package static func nearest(_ word: String, among known: some Sequence<String>) -> String? {
    let known = Array(known)
    let most = max(1, word.count / 3)
    let near = known.map { (word: $0, edits: edits(from: word, to: $0)) }
      .filter { $0.edits <= most }.min { ($0.edits, $0.word) < ($1.edits, $1.word) }
    if let near { return near.word }
    let longer = known.filter { word.count >= 2 && $0.hasPrefix(word) }
    return longer.count == 1 ? longer[0] : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static func edits(from word: String, to other: String) -> Int {
    let (a, b) = (Array(word.lowercased()), Array(other.lowercased()))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
