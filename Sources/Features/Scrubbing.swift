import Foundation

/// Takes out of a text what identifies somebody by its form: addresses of mail and hosts, document numbers, signatures,
/// and who follows a doctor's title. Numbers without letters become no terms anyway.
enum Scrubbing {
  static func scrubbed(_ text: String) -> String {
    var kept: [UInt8] = []
    kept.reserveCapacity(text.utf8.count)
    var persons = 0
    for word in Array(unsigned(text).utf8).split(whereSeparator: { $0 <= 0x20 }) {
      if isTitle(word) {
        persons = 2
      } else if persons > 0, isCapitalised(word) {
        // The end of a sentence ends the name, too, unless the point is an initial's.
        persons = word.last == UInt8(ascii: ".") && word.count > 2 ? 0 : persons - 1
      } else if !isAddress(word) {
        persons = 0
        for part in word.split(whereSeparator: isPunctuation) where !isNumber(part) {
          kept += part
          kept.append(0x20)
        }
      }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// The text without the rest of each line in which a signature begins.
  private static func unsigned(_ text: String) -> String {
    let plain = text.lowercased()
    guard signatures.contains(where: { strstr(plain, $0) != nil }) else { return text }
    return text.split(whereSeparator: \.isNewline).map { line in
      let plain = line.lowercased()
      let start = signatures.compactMap { plain.firstRange(of: $0)?.lowerBound }.min()
      return String(
        line.prefix(start.map { plain.distance(from: plain.startIndex, to: $0) } ?? .max))
    }.joined(separator: "\n")
  }

  /// "DR" without a point is a modality.
  private static func isTitle(_ word: ArraySlice<UInt8>) -> Bool {
    guard (2...8).contains(word.count) else { return false }
    let written = String(decoding: word, as: UTF8.self)
    return written != "DR" && titles.contains(written.lowercased())
  }

  private static func isCapitalised(_ word: ArraySlice<UInt8>) -> Bool {
    String(decoding: word, as: UTF8.self).first?.isUppercase == true
  }

  private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
    if word.contains(UInt8(ascii: "@")) { return true }
    guard word.contains(UInt8(ascii: ".")) else { return false }
    let written = String(decoding: word, as: UTF8.self).lowercased()
    let labels = written.split(separator: ".").filter { label in
      label.count >= 2 && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
    }
    return written.contains("://") || written.hasPrefix("www.") || labels.count >= 3
  }

  /// Letters with three digits or more. Of vertebrae and sizes nothing is lost: their letters are too few for a term.
  private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
    word.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } >= 3
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool { ",;:()[]".utf8.contains(byte) }

  private static let titles: Set<String> = [
    "dr", "dr.", "prof", "prof.", "med.", "dott.", "dra.", "doc.", "prim.", "mudr.", "dr.med.",
    "dr.sc.",
  ]

  private static let signatures = [
    "signed by", "electronically signed", "dictated by", "transcribed by", "verified by",
    "authenticated by", "approved by", "reviewed by", "reported by", "interpreted by", "read by",
    "radiologist:", "attending:", "resident:", "gez.", "gezeichnet", "befundet von", "befunder:",
    "validiert", "freigegeben", "potpisao", "potpisala", "odobrio", "odobrila", "očitao", "očitala",
    "nalaz napisa", "firmado", "signé par", "validé par", "firmato", "refertato", "podpis",
    "ondertekend", "assinado", "underskr", "signeret", "signerad",
  ]
}
