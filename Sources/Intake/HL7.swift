import Core
import Foundation

/// An HL7 v2 observation report (ORU^R01): whose study it is about and what it says.
struct HL7Report {
  /// StudyInstanceUID (ZDS-1) and accession numbers (OBR-18, OBR-3, ORC-3), those that are there.
  private(set) var identifiers: [String] = []
  /// OBX segments of type TX, FT or ST, in order, a line each.
  private(set) var text = ""
  /// Parts of the names of patient and physicians, lower case.
  private(set) var names: Set<String> = []

  /// Where names stand: PID-5 and 9, PV1-7 to 9, ORC-12, OBR-16 and 32, OBX-16.
  private static let nameFields: [String: [Int]] = [
    "PID": [5, 9], "PV1": [7, 8, 9], "ORC": [12], "OBR": [16, 32], "OBX": [16],
  ]

  /// - Throws: `Rejection` when the text is no ORU message or names no study.
  init(_ message: String) throws(Rejection) {
    // Minimal lower layer protocol: 0B message 1C 0D; segments end in CR, files of some senders in LF.
    let segments = message.split { $0.isNewline || $0 == "\u{0b}" || $0 == "\u{1c}" }.map(
      String.init)
    guard let header = segments.first, header.hasPrefix("MSH"), header.count > 8 else {
      throw Rejection(.malformed, "no HL7 message: it must begin with MSH")
    }
    let marks = Delimiters(header)
    for segment in segments {
      let fields = segment.components(separatedBy: String(marks.field))
      let name = fields[0]
      // MSH-1 is the separator itself, so its fields count from one further.
      if name == "MSH" {
        let kind = fields.count > 8 ? fields[8] : ""
        guard kind.hasPrefix("ORU") else {
          throw Rejection(.malformed, "HL7 message type is not ORU^R01")
        }
      }
      func field(_ number: Int) -> String { number < fields.count ? fields[number] : "" }
      func first(_ number: Int) -> String {
        String(field(number).prefix { $0 != marks.component && $0 != marks.repetition })
      }
      switch name {
      case "ZDS": identifiers.append(first(1))
      case "OBR": identifiers += [first(18), first(3)]
      case "ORC": identifiers.append(first(3))
      case "OBX" where ["TX", "FT", "ST"].contains(first(2)):
        text += marks.unescape(field(5)) + "\n"
      default: break
      }
      for number in Self.nameFields[name] ?? [] {
        for part in field(number).lowercased().split(whereSeparator: { !$0.isLetter })
        where part.count >= 3 {
          names.insert(String(part))
        }
      }
    }
    var seen: Set<String> = []
    identifiers = identifiers.filter { !$0.isEmpty && seen.insert($0).inserted }
    guard !identifiers.isEmpty else {
      throw Rejection(
        .malformed, "HL7 message without accession number (OBR-18, OBR-3, ORC-3) or ZDS-1")
    }
  }

  /// MSH-1 and MSH-2.
  private struct Delimiters {
    let field: Character
    let component: Character
    let repetition: Character
    let escape: Character

    init(_ header: String) {
      let marks = Array(header.dropFirst(3).prefix(5))
      field = marks[0]
      component = marks[1]
      repetition = marks[2]
      escape = marks[3]
    }

    /// Escape sequences (HL7 v2.5, 2.7) and repetitions as plain text.
    func unescape(_ value: String) -> String {
      var result = ""
      var sequence: String?
      for character in value {
        if character == escape {
          if let code = sequence {
            result += Self.meaning(code, self)
            sequence = nil
          } else {
            sequence = ""
          }
        } else if sequence != nil {
          sequence?.append(character)
        } else {
          result.append(character == repetition ? "\n" : character)
        }
      }
      return result + (sequence ?? "")
    }

    private static func meaning(_ code: String, _ marks: Delimiters) -> String {
      switch code {
      case "F": String(marks.field)
      case "S": String(marks.component)
      case "R": String(marks.repetition)
      case "T": "&"
      case "E": String(marks.escape)
      case _ where code.hasPrefix(".br") || code.hasPrefix(".sp"): "\n"
      default: " "
      }
    }
  }
}
