import Core
import Foundation

/// Labels from a table instead of the files' own tags: a header line, then one line for each instance or study, with
/// the columns study_uid, modality and region, separated by tabs or commas.
package struct Labels {
  private var modalities: [String: [String]] = [:]
  private var regions: [String: [String]] = [:]

  /// - Throws: `FileError` that says what is wrong with the table.
  package init(contentsOf path: String, keys: Keys) throws {
    let text = String(decoding: try readFile(path, atMost: 1 << 30), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    let separator: Character = lines.first?.contains("\t") == true ? "\t" : ","
    func fields(_ line: Substring) -> [String] {
      line.split(separator: separator, omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let header = lines.first.map(fields) ?? []
    guard let study = header.firstIndex(of: "study_uid"),
      let modality = header.firstIndex(of: "modality"), let region = header.firstIndex(of: "region")
    else {
      throw FileError(
        path: path, problem: "the first line must name the columns study_uid, modality and region",
        exitCode: .data)
    }
    for (number, line) in lines.enumerated().dropFirst() {
      let values = fields(line)
      guard values.count == header.count else {
        throw FileError(
          path: path,
          problem: "line \(number + 1) has \(values.count) fields, the first line \(header.count)",
          exitCode: .data)
      }
      let key = keys.study(Redacted(values[study]))
      if !values[modality].isEmpty { modalities[key, default: []].append(values[modality]) }
      if !values[region].isEmpty { regions[key, default: []].append(values[region]) }
    }
  }

  /// A study's most frequent labels; `nil` for a study that is not in the table.
  package func labels(study: String) -> (modality: String?, region: String?)? {
    let found = (modality: modalities[study]?.mostFrequent, region: regions[study]?.mostFrequent)
    return found.modality == nil && found.region == nil ? nil : found
  }
}
