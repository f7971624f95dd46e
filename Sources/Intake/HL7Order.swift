import Core

/// One order of a message (OBR, or an ORC or TXA that comes without one).
struct HL7Order {
  /// OBR-18, OBR-3, ORC-3, TXA-15; every repetition.
  var identifiers: [String]
  var service = ""
  var status = ""
  /// OBR-22.
  var time = ""
  /// NTE segments below the OBR.
  var notes: [String] = []
  /// ZDS-1 values below this order.
  var studies: [String] = []

  init(identifiers: [String]) { self.identifiers = identifiers }

  init(_ segment: HL7Message.Segment, of message: HL7Message, common: [String], zone: Int?) {
    identifiers =
      message.identifiers(segment, 18) + message.identifiers(segment, 3) + common
    service = message.first(segment, 4)
    status = message.first(segment, 25)
    time = HL7Time(message.first(segment, 22), zone: zone).digits
  }
}

/// An OBX segment with the NTE segments below it.
struct HL7Result {
  /// OBX-3 and OBX-4.
  let name: String
  /// OBX-11.
  let status: String
  /// Empty if it is not text.
  var lines: [String]
  let isText: Bool

  init(_ segment: HL7Message.Segment, of message: HL7Message) {
    name = [message.first(segment, 3), message.first(segment, 4)].joined(separator: "\u{0}")
    status = message.first(segment, 11)
    let type = message.first(segment, 2).uppercased()
    switch type {
    case "TX", "FT", "ST", "":
      (isText, lines) = (true, [message.lines(segment, 5)])
    case "CE", "CWE", "CNE", "CF":
      // The code's text, in the sender's words if given.
      let places = type == "CE" || type == "CF" ? [2, 5] : [9, 2, 5]
      let texts = message.repetitions(segment, 5).compactMap { repetition in
        places.lazy.map { message.component(repetition, $0) }.first { !$0.isEmpty }
      }
      (isText, lines) = (true, texts)
    default: (isText, lines) = (false, [])
    }
  }
}

/// Orders that were reported together, and their results.
struct HL7OrderGroup {
  var orders: [HL7Order]
  var results: [HL7Result] = []
}
