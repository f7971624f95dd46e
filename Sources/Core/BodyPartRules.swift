import Foundation

/// Tells the body part of an image from BodyPartExamined or, where that is empty or unknown, from the
/// words of its descriptions. The table is a TOML file that a site can edit: one array of word beginnings
/// for each region, in any language, lower case.
public struct BodyPartRules: Sendable {
  private let regions: [(name: String, beginnings: [String])]

  public init(regions: [String: [String]]) {
    self.regions = regions.sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(Self.fold)) }
  }

  /// No table: BodyPartExamined as it is.
  public static let none = BodyPartRules(regions: [:])

  /// - Throws: `ConfigurationError` or `FileError`.
  public init(contentsOf path: String) throws {
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

  /// - Returns: a region of the table; BodyPartExamined itself where the table has no word for it; `nil`
  ///   where nothing tells.
  public func bodyPart(examined: String?, descriptions: [String]) -> String? {
    let examined = examined?.trimmingCharacters(in: .whitespaces) ?? ""
    for text in [examined] + descriptions {
      if let region = match(text) { return region }
    }
    return examined.isEmpty ? nil : examined.uppercased()
  }

  /// The region with the longest beginning that some word of the text has.
  private func match(_ text: String) -> String? {
    let folded = " " + Self.fold(text)
    var best: (name: String, length: Int)?
    for region in regions {
      for beginning in region.beginnings
      where folded.contains(" " + beginning) && beginning.count > best?.length ?? 0 {
        best = (region.name, beginning.count)
      }
    }
    return best?.name
  }

  private static func fold(_ text: String) -> String {
    let plain = text.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
    return String(plain.map { $0.isLetter ? $0 : " " })
  }
}
