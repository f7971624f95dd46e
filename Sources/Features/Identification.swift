/// Words and numbers that identify by form alone: addresses, document numbers, dates.
enum Identification {
  /// Whether a token is an e-mail address, URL, host name or ID number; `T12`, `C5-C6`, `120kV` are not.
  static func isIdentifying(_ token: some StringProtocol) -> Bool {
    let bytes = Array(token.utf8)
    var letters = 0
    var digits = 0
    var marks = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x41...0x5a, 0x61...0x7a, 0x80...: letters += 1
      case UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["),
        UInt8(ascii: "("):
        marks += 1
      default: break
      }
    }
    guard letters > 0 else { return false }
    if marks > 0, isAddress(String(token)) { return true }
    return digits >= 3 && !isClinical(token.lowercased())
  }

  private static func isAddress(_ written: String) -> Bool {
    let text = written.lowercased()
    if text.contains("@") || text.contains("[at]") || text.contains("(at)") || text.contains("://")
      || text.hasPrefix("www.")
    {
      return true
    }
    let host = text.split(whereSeparator: { ":/".contains($0) }).first ?? ""
    let labels = host.split(separator: ".", omittingEmptySubsequences: true)
    guard labels.count >= 2, host.utf8.allSatisfy({ $0 < 0x80 }), let last = labels.last,
      labels.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" } })
    else { return false }
    // A sentence may start without a space before it.
    let isSentence =
      written.dropLast(last.count).last == "."
      && written.suffix(last.count).first?.isUppercase == true
      && written.contains(where: \.isLowercase)
    if domains.contains(last), !isSentence {
      return labels.allSatisfy { $0.count > 1 || $0.first?.isNumber == true }
    }
    // An intranet host, not two sentences without a space between them.
    return labels.count >= 3 && last.contains(where: \.isLetter)
      && labels.dropLast().contains {
        $0.contains("-") || $0.last?.isNumber == true && $0.count > 2
      }
  }

  /// Whether each part is a measurement, a level or an ordinary word.
  private static func isClinical(_ text: String) -> Bool {
    let parts = text.split(whereSeparator: { "-–/,+();:.x×*=<>~±\"'".contains($0) })
    var isNuclide = false
    return parts.allSatisfy { part in
      defer { isNuclide = nuclides.contains(part) }
      let letters = part.prefix { $0.isLetter }
      let digits = part.dropFirst(letters.count)
      if letters.isEmpty {
        let number = part.prefix { $0.isNumber }
        let unit = part.dropFirst(number.count)
        // Millimetres and doses have few digits; document numbers have many and no unit.
        return unit.isEmpty
          ? number.count <= 2 || isNuclide && number.count == 3
            || number.count <= 4 && units.contains { text.hasSuffix($0) }
          : units.contains(unit) && number.count <= 4
      }
      if digits.isEmpty {
        return letters.count >= 2 || nuclides.contains(letters) || "ctls".contains(letters)
      }
      guard digits.allSatisfy(\.isNumber) else { return false }
      return letters.count <= 3 && digits.count <= 2
        || nuclides.contains(letters) && digits.count == 3
    }
  }

  /// Whether the text next to a month is a day or a year.
  static func isNumberOfDate(_ text: Substring?) -> Bool {
    guard let text, let first = text.first, first.isNumber else { return false }
    let number = text.prefix { $0.isNumber }
    return (number.count <= 2 || number.count == 4) && text.count <= number.count + 2
  }

  private static let nuclides: Set<Substring> = ["i", "in", "lu", "xe", "tl", "sm", "ho"]
  private static let units: Set<Substring> = list(
    """
    mm cm m µm mm2 mm3 cm2 cm3 mm² cm² mm³ cm³ ml l dl cc mg µg g kg kv kvp ma mas mgy mgycm gy msv hu mhz hz khz ms s
    sec min h d bpm mmhg kpa t mci mbq gbq bq fps fr f g/ml cm/s m/s yo y yr w px mmol mol ie iu
    """)
  private static let domains: Set<Substring> = list(
    """
    com org net edu gov mil int info io eu local lan localdomain internal intranet intern intra corp home hospital clinic
    health cloud app dev hr de at ch fr it es pt uk ie si rs ba me mk hu cz sk pl nl be lu dk se no fi is ee lv lt ro bg
    gr tr ru ua by il ae sa eg za ng ke in pk cn jp kr tw hk sg my th vn id ph au nz ca us mx br ar cl co pe
    """)
  static let months: Set<String> = Set(
    list(
      """
      january february march april may june july august september october november december jan feb mar apr jun jul aug
      sep sept oct nov dec januar jänner februar feber märz mai juni juli oktober dezember siječnja veljače ožujka travnja
      svibnja lipnja srpnja kolovoza rujna listopada studenoga studenog prosinca januara februara marta aprila maja juna
      jula avgusta septembra oktobra novembra decembra janvier février mars avril juin juillet août septembre octobre
      novembre décembre gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre dicembre enero febrero
      abril mayo junio julio septiembre octubre noviembre diciembre janeiro fevereiro março maio junho julho setembro
      outubro novembro dezembro stycznia lutego marca kwietnia czerwca lipca sierpnia września października listopada
      grudnia ledna února března dubna května června července srpna září října listopadu prosince
      """
    ).map(String.init))

  private static func list(_ text: String) -> Set<Substring> {
    Set(text.split(whereSeparator: \.isWhitespace))
  }
}
