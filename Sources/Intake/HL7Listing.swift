import Core

/// The content of HL7 v2 messages as JSON, for comparison with other readers. It identifies patients.
package enum HL7Listing {
  /// - Parameter encoding: of messages that name none; a character set that iconv knows.
  package static func list(_ bytes: [UInt8], encoding: String) -> JSON {
    let encoding = TextEncoding(encoding) ?? .utf8
    let wide = HL7Framing.wide(bytes)
    let messages = HL7Framing.messages(wide ?? bytes).map { bytes in
      do throws(Rejection) {
        return list(try HL7Message(bytes, encoding: wide == nil ? encoding : .utf8))
      } catch {
        return JSON.object([("rejection", .string("\(error)"))])
      }
    }
    let reports: JSON
    do throws(Rejection) {
      reports = .array(try ReportFile.reports(bytes, encoding).map(list))
    } catch {
      reports = .string("\(error)")
    }
    return .object([("messages", .array(messages)), ("reports", reports)])
  }

  private static func list(_ message: HL7Message) -> JSON {
    let header = message.segments.first
    func values(_ name: String, _ value: (HL7Message.Segment) -> JSON) -> JSON {
      .array(message.segments.filter { $0.name == name }.map(value))
    }
    return .object([
      ("segments", .array(message.segments.map { .string("\($0.name) \($0.count)") })),
      ("control", .string(header.map { message.first($0, 10) } ?? "")),
      ("type", .array(header.map { components(message, $0, 9).first ?? [] } ?? [])),
      ("charset", .string(header.map { message.first($0, 18) } ?? "")),
      (
        "patients",
        values("PID") {
          .array(
            (components(message, $0, 3) + components(message, $0, 5)).map(JSON.array))
        }
      ),
      (
        "orders",
        values("OBR") { segment in
          .array([2, 3, 18].map { .string(message.first(segment, $0)) })
        }
      ),
      (
        "results",
        values("OBX") {
          .array([.string(message.first($0, 2)), .string(message.lines($0, 5))])
        }
      ),
    ])
  }

  /// A field's repetitions and their components.
  private static func components(
    _ message: HL7Message, _ segment: HL7Message.Segment, _ number: Int
  ) -> [[JSON]] {
    message.repetitions(segment, number).map { repetition in
      (1...message.count(repetition)).map { .string(message.component(repetition, $0)) }
    }
  }

  private static func list(_ report: Report) -> JSON {
    .object([
      ("identifiers", .array(report.identifiers.revealed.map(JSON.string))),
      ("texts", .array(report.observations.map { .string($0.text.revealed) })),
    ])
  }
}
