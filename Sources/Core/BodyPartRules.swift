import Foundation

/// Derives the body part of an image from BodyPartExamined or, where that is empty or unknown, from the words of its
/// descriptions. The table is a TOML file that a site can edit: one array of word beginnings for each region, in any
/// language, lower case.
package struct BodyPartRules: Sendable {
  private struct Beginning {
    var bytes: [UInt8]
    /// In characters.
    var length: Int
    var region: String
  }

  /// By their first byte.
  private let beginnings: [UInt8: [Beginning]]
  private let regions: Set<String>

  package init(regions: [String: [String]]) {
    self.regions = Set(regions.keys)
    let all = regions.sorted { $0.key < $1.key }.flatMap { region, words in
      words.map(Self.fold).filter { !$0.isEmpty }.map {
        Beginning(bytes: Array($0.utf8), length: $0.count, region: region)
      }
    }
    beginnings = Dictionary(grouping: all) { $0.bytes[0] }
  }

  /// No table: BodyPartExamined counts if it is a standard term.
  package static let none = BodyPartRules(regions: [:])

  /// - Throws: `ConfigurationError` or `FileError`.
  package init(contentsOf path: String) throws {
    let document = try TOMLDocument(path: path)
    var regions: [String: [String]] = [:]
    var problems: [String] = []
    guard case .object(let members) = document.values else {
      throw ConfigurationError(problems: ["\(path): expected a table of regions"])
    }
    for (region, words) in members {
      let beginnings = words.array?.compactMap(\.string) ?? []
      if beginnings.isEmpty || beginnings.count != words.array?.count {
        problems.append(document.problem(region, "expected an array of word beginnings"))
      }
      regions[region.uppercased()] = beginnings
    }
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
    self.init(regions: regions)
  }

  /// - Returns: a region of the table; without a match BodyPartExamined itself if it is a standard term, else "other";
  ///   `nil` if there is no match and BodyPartExamined is empty.
  package func bodyPart(examined: String?, descriptions: [String]) -> String? {
    for text in [examined ?? ""] + descriptions {
      if let region = match(text) { return region }
    }
    let unknown = examined?.trimmingCharacters(in: .whitespaces) ?? ""
    return unknown.isEmpty
      ? nil : StandardCode.shown(unknown.uppercased(), of: "BodyPartExamined")
  }

  /// A body part as the log may show it: a region of the table or a standard term. Stores of earlier versions hold
  /// whatever an export contained.
  package func shown(_ bodyPart: String) -> String {
    regions.contains(bodyPart) ? bodyPart : StandardCode.shown(bodyPart, of: "BodyPartExamined")
  }

  /// The region with the longest beginning that matches a word of the text.
  private func match(_ text: String) -> String? {
    let bytes = Array(Self.fold(text).utf8)
    var best: Beginning?
    for start in bytes.indices where start == 0 || bytes[start - 1] == UInt8(ascii: " ") {
      for beginning in beginnings[bytes[start]] ?? []
      where bytes[start...].starts(with: beginning.bytes) {
        if let best, (best.length, beginning.region) >= (beginning.length, best.region) { continue }
        best = beginning
      }
    }
    return best?.region
  }

  private static func fold(_ text: String) -> String {
    // ASCII text has no diacritics, and Foundation is slow.
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      let letters = text.utf8.map { byte -> UInt8 in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: UInt8(ascii: " ")
        }
      }
      return String(decoding: letters, as: UTF8.self)
    }
    let plain = text.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
    return String(plain.map { $0.isLetter ? $0 : " " })
  }
}
