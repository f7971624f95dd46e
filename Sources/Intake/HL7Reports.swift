import Core

/// The reports of an observation message (ORU): a group of OBR segments with the OBX segments that follow it.
struct HL7Reports {
  private(set) var reports: [Report] = []

  /// Where names of persons stand.
  private static let nameFields: [String: [Int]] = [
    "PID": [5, 6, 9], "NK1": [2], "PD1": [4], "PV1": [7, 8, 9, 17, 52], "ORC": [10, 11, 12],
    "OBR": [10, 16, 28, 32, 33, 34, 35], "OBX": [16], "ROL": [4],
  ]
  private static let textTypes: Set<String> = ["TX", "FT", "ST"]

  private struct Order {
    var identifiers: [String]
    var service: String
    var status: String
    var time: String
  }

  private let message: HL7Message
  private var studies: [String] = []
  private var common: [String] = []
  private var names: Set<String> = []
  private var time = ""

  /// - Throws: `Rejection` when it is no ORU message or names no study.
  init(_ message: HL7Message) throws(Rejection) {
    self.message = message
    var groups: [(orders: [Order], texts: [HL7Message.Segment])] = []
    var pending: [String] = []
    for segment in message.segments {
      for number in Self.nameFields[segment.name] ?? [] {
        names.formUnion(message.words(segment, number).filter { $0.count >= 2 })
      }
      switch segment.name {
      case "MSH":
        guard message.first(segment, 9).hasPrefix("ORU") else {
          throw Rejection(.malformed, "HL7 message type is not ORU^R01")
        }
        time = Self.digits(message.first(segment, 7))
      case "ZDS": studies.append(message.first(segment, 1))
      case "ORC": pending = [message.first(segment, 3)]
      case "OBR":
        let order = Order(
          identifiers: [message.first(segment, 18), message.first(segment, 3)] + pending,
          service: message.first(segment, 4), status: message.first(segment, 25),
          time: Self.digits(message.first(segment, 22)))
        pending = []
        // OBR segments without an OBX between them are reported together.
        if groups.last?.texts.isEmpty == true {
          groups[groups.count - 1].orders.append(order)
        } else {
          groups.append(([order], []))
        }
      case "OBX":
        if groups.isEmpty {
          groups.append(([Order(identifiers: pending, service: "", status: "", time: "")], []))
        }
        groups[groups.count - 1].texts.append(segment)
      default: break
      }
    }
    let count = groups.reduce(0) { $0 + $1.orders.count }
    for group in groups {
      for order in group.orders { add(order, group.texts, isOnly: count == 1) }
    }
    guard !reports.isEmpty else {
      throw Rejection(
        .malformed, "HL7 message without accession number (OBR-18, OBR-3, ORC-3) or ZDS-1")
    }
  }

  private mutating func add(_ order: Order, _ segments: [HL7Message.Segment], isOnly: Bool) {
    var seen: Set<String> = []
    // A study's own UID says nothing about which of several orders it is.
    let identifiers =
      (order.identifiers + (isOnly || order.identifiers.allSatisfy(\.isEmpty) ? studies : []))
      .filter { !$0.isEmpty && seen.insert($0).inserted }
    guard let key = identifiers.first else { return }
    var observations: [Observation] = []
    var places: [String: Int] = [:]
    for segment in segments {
      let status = message.first(segment, 11)
      let isText = Self.textTypes.contains(message.first(segment, 2))
      guard isText, status != "X" else { continue }
      let isWithdrawn = ["D", "W"].contains(status)
      let text = isWithdrawn ? "" : message.lines(segment, 5) + "\n"
      let identity = [key, order.service, message.first(segment, 3), message.first(segment, 4)]
        .joined(separator: "\u{0}")
      if let place = places[identity] {
        let before = observations[place].text.revealed
        observations[place].text = Redacted(before + text)
        continue
      }
      places[identity] = observations.count
      observations.append(
        Observation(
          identity: Redacted(identity),
          rank: rank(status.isEmpty ? order.status : status, order), text: Redacted(text)))
    }
    reports.append(
      Report(
        identifiers: Redacted(identifiers), names: Redacted(names.sorted()),
        observations: observations))
  }

  /// OBX-11 (HL7 table 0085), or OBR-25 where it is empty.
  private func rank(_ status: String, _ order: Order) -> ReportRank {
    ReportRank(
      stage: ["P", "I", "S", "R", "O", "N"].contains(status) ? .preliminary : .final,
      time: order.time.isEmpty ? time : order.time,
      correction: ["C", "D", "W"].contains(status) ? 1 : 0)
  }

  private static func digits(_ time: String) -> String { String(time.prefix { $0.isNumber }) }
}
