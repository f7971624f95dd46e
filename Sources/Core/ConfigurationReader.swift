/// Reads values from a TOML document and collects every problem with its line, unknown keys included. All problems are
/// reported at once, so that an administrator can fix a file in one go.
struct ConfigurationReader {
  private let document: TOMLDocument
  /// The effective value of each key, as text.
  private(set) var values: [String: String] = [:]
  private(set) var problems: [String] = []

  init(_ document: TOMLDocument) { self.document = document }

  mutating func string(_ key: String, default fallback: String?, among choices: [String]? = nil)
    -> String
  {
    guard let value = document.value(at: key) else {
      if fallback == nil { problems.append("\(document.path): \(key): this key is required") }
      return note(key, fallback ?? "")
    }
    guard let text = value.string else { return fail(key, "a string", value, fallback ?? "") }
    if let choices, !choices.contains(text) {
      return fail(key, "one of " + choices.map { "\"\($0)\"" }.joined(separator: ", "), value, text)
    }
    return note(key, text)
  }

  /// An array of strings, empty by default.
  mutating func strings(_ key: String) -> [String] {
    guard let value = document.value(at: key) else { return note(key, []) }
    let texts = value.array?.map(\.string) ?? [nil]
    guard !texts.contains(nil) else { return fail(key, "an array of strings", value, []) }
    return note(key, texts.compactMap { $0 })
  }

  /// One of an enumeration's values.
  mutating func choice<Value: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Value
  ) -> Value where Value.RawValue == String {
    let text = string(key, default: fallback.rawValue, among: Value.allCases.map(\.rawValue))
    return Value(rawValue: text) ?? fallback
  }

  /// Where to listen; `nil` for nowhere.
  mutating func address(_ key: String) -> ListenAddress? {
    let text = string(key, default: "")
    let address = ListenAddress(text)
    if address == nil && !text.isEmpty {
      refuse(key, "expected 127.0.0.1:PORT, [::1]:PORT or the absolute path of a socket")
    }
    return address
  }

  mutating func bool(_ key: String, default fallback: Bool) -> Bool {
    guard let value = document.value(at: key) else { return note(key, fallback) }
    return note(key, value.bool ?? fail(key, "true or false", value, fallback))
  }

  mutating func int(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
    guard let value = document.value(at: key) else { return note(key, fallback) }
    guard let number = value.int, range.contains(number) else {
      return fail(
        key, "a whole number from \(range.lowerBound) to \(range.upperBound)", value, fallback)
    }
    return note(key, number)
  }

  mutating func number(
    _ key: String, default fallback: Double, in range: ClosedRange<Double>, unit: String = ""
  ) -> Double {
    guard let value = document.value(at: key) else { return note(key, fallback) }
    guard let number = value.double, range.contains(number) else {
      let unit = unit.isEmpty ? "" : " of \(unit)"
      return fail(
        key, "a number\(unit) from \(range.lowerBound) to \(range.upperBound)", value, fallback)
    }
    return note(key, number)
  }

  /// A whole number, or "auto" within a range.
  mutating func clusterCount() -> Configuration.Clustering.Count {
    let least = int("clustering.k_min", default: 20, in: 2...10_000)
    let most = int("clustering.k_max", default: 100, in: 2...10_000)
    guard document.value(at: "clustering.k")?.string == "auto" else {
      return .fixed(int("clustering.k", default: 50, in: 2...10_000))
    }
    _ = note("clustering.k", "auto")
    guard least < most else {
      refuse("clustering.k_max", "expected more than clustering.k_min")
      return .fixed(least)
    }
    return .auto(least...most)
  }

  private mutating func note<Value>(_ key: String, _ value: Value) -> Value {
    values[key] = "\(value)"
    return value
  }

  mutating func refuse(_ key: String, _ text: String) {
    problems.append(document.problem(key, text))
  }

  private mutating func fail<Value>(
    _ key: String, _ expected: String, _ found: JSON, _ value: Value
  ) -> Value {
    problems.append(document.problem(key, "expected \(expected), found \(found.encoded)"))
    return note(key, value)
  }

  /// - Throws: `ConfigurationError` with every problem, unknown keys included.
  mutating func finish() throws {
    let sections = Set(
      values.keys.flatMap { key in
        key.indices.filter { key[$0] == "." }.map { String(key[..<$0]) }
      })
    for key in document.keys where !values.keys.contains(key) && !sections.contains(key) {
      let section = key.split(separator: ".").dropLast().joined(separator: ".")
      // A key below an unknown table was reported with the table.
      guard section.isEmpty || sections.contains(section) else { continue }
      let hint =
        meant(by: key, in: section, sections).map { "did you mean \($0)?" }
        ?? "known here: \(names(in: section).map { section.isEmpty ? $0 : section + "." + $0 }.joined(separator: ", "))"
      problems.append(document.problem(key, "unknown key; \(hint)"))
    }
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
  }

  /// Names of the keys in a section, sorted.
  private func names(in section: String) -> [String] {
    values.keys.compactMap { key in
      let parts = key.split(separator: ".")
      return parts.dropLast().joined(separator: ".") == section ? parts.last.map(String.init) : nil
    }.sorted()
  }

  /// The key that was probably meant by an unknown one: one that is spelled alike, or has its name in another section.
  private func meant(by key: String, in section: String, _ sections: Set<String>) -> String? {
    let name = String(key.split(separator: ".").last ?? "")
    let known = names(in: section) + (section.isEmpty ? Array(sections) : [])
    if let near = Suggestion.nearest(name, among: known) {
      return section.isEmpty ? near : section + "." + near
    }
    return values.keys.filter { $0.hasSuffix("." + name) }.min()
  }
}
