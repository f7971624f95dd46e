import Core
import Foundation
import Intake
import TestSupport
import Testing

/// Garbled files of several messages, read as the daemon reads them. `scripts/fuzz hl7` runs longer.
@Suite struct HL7FuzzTests {
  /// A message of one study, with a word that no other message has.
  private struct Message {
    let accession: String
    let word: String
    let header: String
    var body: [UInt8]

    init(_ generator: inout SeededGenerator) {
      // Far enough apart that no garbling turns one into another.
      func random(_ count: Int) -> String {
        String(
          (0..<count).map { _ in
            "abcdefghijklmnopqrstuvwxyz".randomElement(using: &generator) ?? "a"
          })
      }
      (accession, word) = ("A" + random(11).uppercased(), random(12))
      let isDocument = generator.next() % 3 == 0
      header = #"MSH|^~\&|RIS|HOSP|RN|HOSP|202601011200||\#(isDocument ? "MDM^T02" : "ORU^R01")|"#
      let sets = ["", "", "8859/1", "UNICODE UTF-8", "~ISO IR87", "GB 18030-2000"]
      let order =
        isDocument
        ? "TXA|1|RAD||||20260101||||||D\(accession)||P1|\(accession)||AU"
        : "ORC|RE||\(accession)\rOBR|1|P1|\(accession)^RIS|CT^CT||||||||||||||\(accession)\rNTE|1||\(word)"
      body = Array(
        ("1|P|2.5||||||\(sets.randomElement(using: &generator) ?? "")\rPID|1||4711||DOE^\(random(5))\r\(order)\r"
          + #"OBX|1|FT|GDT||\#(word) \.br\ \T\ \XC3A4\ \M2442\7l\C2842\~\#(word)||||||F"#
          + "\rOBX|2|CWE|IMP||1^\(word)^L||||||C\rNTE|1||\(word)\r").utf8)
    }

    /// Garbles everything after the header, which separates messages.
    mutating func garble(_ generator: inout SeededGenerator) {
      let marks = Array("|^~\\&\r\n\u{1c}\u{0b}\0\"#XCMZ.OBRXNTEPIDSH\u{1b}".utf8)
      for _ in 0..<(generator.next() % 12) where body.count > 2 {
        let place = Int(generator.next() % UInt64(body.count))
        let end = min(body.count, place + Int(1 + generator.next() % 40))
        switch generator.next() % 6 {
        case 0: body[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: body[place] = marks.randomElement(using: &generator) ?? 0
        case 2: body.insert(marks.randomElement(using: &generator) ?? 0, at: place)
        case 3: body.removeSubrange(place..<end)
        case 4:
          body.insert(contentsOf: body[place..<end], at: Int(generator.next() % UInt64(body.count)))
        default: body.removeLast(Int(generator.next() % UInt64(body.count / 4 + 1)))
        }
      }
    }
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `no garbled file crashes the reader or moves text to another study`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    for _ in 0..<10 {
      var messages = (0..<4).map { _ in Message(&generator) }
      let isFramed = generator.next() % 2 == 0
      var file: [UInt8] = []
      for index in messages.indices {
        messages[index].garble(&generator)
        file +=
          Array(((isFramed ? "\u{0b}" : "") + messages[index].header).utf8) + messages[index].body
        file += Array(
          (isFramed ? "\u{1c}\r" : ["\r", "\n", "\r\n"].randomElement(using: &generator) ?? "\r")
            .utf8)
      }
      let path = try folder.file("garbled.hl7", Data(file))
      guard let read = try? ReportFile(path, encoding: ["UTF-8", "ISO-8859-1"][Int(seed % 2)])
      else {
        continue
      }
      for report in read.reports {
        let text = report.observations.map(\.text.revealed).joined()
        for message in messages where text.contains(message.word) {
          let others = messages.map(\.accession).filter { $0 != message.accession }
          #expect(!report.identifiers.revealed.contains { others.contains($0) })
        }
      }
    }
  }

  @Test func `without garbling each message is read`() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 1)
    let messages = (0..<20).map { _ in Message(&generator) }
    let file = messages.map { Array($0.header.utf8) + $0.body + Array("\n".utf8) }.joined()
    let read = try ReportFile(folder.file("plain.hl7", Data(file)), encoding: "UTF-8")
    #expect(read.reports.map(\.identifiers.revealed) == messages.map { [$0.accession] })
    for (report, message) in zip(read.reports, messages) {
      let text = report.observations.map(\.text.revealed).joined()
      #expect(text.components(separatedBy: message.word).count >= 5, "\(text)")
    }
  }
}
