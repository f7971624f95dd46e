import Core

/// One HL7 v2 message: segments of fields, with the delimiters of its own header (HL7 v2.5.1, 2.5).
struct HL7Message {
  struct Segment {
    let name: String
    /// By field number; MSH-1 is the separator itself.
    fileprivate let fields: [[UInt8]]
    /// Number of fields, the name included.
    var count: Int { fields.count }
  }

  private(set) var segments: [Segment] = []
  private let marks: HL7Delimiters
  private let characters: HL7CharacterSet
  /// The bytes were converted before splitting, because delimiters could not be found among them.
  private let isConverted: Bool

  /// - Throws: `Rejection` if the bytes are not valid in the message's character set.
  init(_ bytes: ArraySlice<UInt8>, encoding: TextEncoding) throws(Rejection) {
    let header = HL7Framing.segments(bytes).first ?? []
    let marks = HL7Delimiters(header)
    self.marks = marks
    let names = header.split(separator: marks.field, omittingEmptySubsequences: false)
    let sets = names.count > 17 ? names[17].split(separator: marks.repetition) : []
    characters = HL7CharacterSet(
      sets.map { String(decoding: $0, as: UTF8.self) }, otherwise: encoding)
    // Text after a change of the character set is in another one than the rest.
    let decoded = characters.encoding.decode(bytes)
    guard let text = decoded ?? (marks.designates(bytes) ? String(lenient: Array(bytes)) : nil)
    else {
      throw Rejection(
        .badEncoding,
        "the message is not in \(sets.isEmpty ? "intake.report_encoding" : "the character set of MSH-18")"
      )
    }
    isConverted = !characters.keepsDelimiters
    let lines = HL7Framing.segments(isConverted ? Array(text.utf8)[...] : bytes)
    segments = lines.map { line in
      var fields = line.split(
        separator: marks.field, omittingEmptySubsequences: false
      ).map(Array.init)
      let name = String(decoding: fields[0], as: UTF8.self)
      if ["MSH", "FHS", "BHS"].contains(name) { fields.insert([marks.field], at: 1) }
      return Segment(name: name, fields: fields)
    }
  }

  /// A field's raw repetitions; empty if the field is absent or `""` (deleted).
  func repetitions(_ segment: Segment, _ number: Int) -> [[UInt8]] {
    guard number < segment.fields.count else { return [] }
    let field = segment.fields[number]
    guard !field.isEmpty, field != Array("\"\"".utf8) else { return [] }
    return field.split(separator: marks.repetition, omittingEmptySubsequences: false).map(
      Array.init)
  }

  /// The number of components of a repetition.
  func count(_ repetition: [UInt8]) -> Int { repetition.count { $0 == marks.component } + 1 }

  /// One component of a repetition as text, counted from 1: its subcomponent `sub`, without padding.
  func component(_ repetition: [UInt8], _ number: Int, sub: Int = 1) -> String {
    let components = repetition.split(separator: marks.component, omittingEmptySubsequences: false)
    guard number <= components.count else { return "" }
    let subs = components[number - 1].split(
      separator: marks.subcomponent, omittingEmptySubsequences: false)
    let value = sub <= subs.count ? text(Array(subs[sub - 1])).withoutPadding : ""
    return value == "\"\"" ? "" : value
  }

  /// The first component of each repetition that has one, for numbers.
  func identifiers(_ segment: Segment, _ number: Int) -> [String] {
    repetitions(segment, number).map { component($0, 1) }.filter { !$0.isEmpty }
  }

  /// The first component of a field's first repetition.
  func first(_ segment: Segment, _ number: Int) -> String {
    repetitions(segment, number).first.map { component($0, 1) } ?? ""
  }

  /// A field as running text, one line per repetition.
  func lines(_ segment: Segment, _ number: Int) -> String {
    repetitions(segment, number).map(text).joined(separator: "\n")
  }

  /// The words of every component of a field, for persons' names.
  func words(_ segment: Segment, _ number: Int) -> [String] {
    repetitions(segment, number).flatMap { repetition in
      NameWords.of(
        repetition.split { $0 == marks.component || $0 == marks.subcomponent }
          .map { text(Array($0)) }.joined(separator: "^"))
    }
  }

  private func text(_ bytes: [UInt8]) -> String {
    let runs = marks.unescape(bytes) { [isConverted, characters] hexadecimal in
      guard isConverted else { return hexadecimal }
      return Array((characters.encoding.decode(hexadecimal) ?? String(lenient: hexadecimal)).utf8)
    }
    return Self.lined(runs.map(text).joined())
  }

  private func text(_ run: HL7Delimiters.Run) -> String {
    let isOwn = run.designation.isEmpty || (isConverted && !run.bytes.allSatisfy { $0 < 0x80 })
    let text =
      isOwn
      ? (isConverted ? nil : characters.encoding.decode(run.bytes))
      : HL7CharacterSet.decode(run.bytes, designation: run.designation)
    // Escaped bytes are in whatever set their sender used.
    return text ?? String(lenient: run.bytes)
  }

  /// The text with every line end as a line feed.
  private static func lined(_ text: String) -> String {
    var lined = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      let isEnd = ["\r", "\u{0c}", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
      if !(scalar == "\n" && previous == "\r") { lined.append(isEnd ? "\n" : scalar) }
      previous = scalar
    }
    return String(lined)
  }
}
