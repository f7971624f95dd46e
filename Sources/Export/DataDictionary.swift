/// The columns of an export as a table for people.
enum DataDictionary {
  static var table: String {
    let lines = ExportColumn.all.map { "| `\($0.name)` | \($0.kind.word) | \($0.meaning) |" }
    return (["| column | type | meaning |", "|---|---|---|"] + lines).joined(separator: "\n")
  }
}

extension ExportColumn.Kind {
  fileprivate var word: String {
    switch self {
    case .text: "text"
    case .integer: "integer"
    case .number: "number"
    case .truth: "true, false"
    }
  }
}
