import Core

/// The reports of a message with results (ORU) or a document (MDM): orders with the texts that follow them.
struct HL7Reports {
  private(set) var reports: [Report] = []

  /// Fields that contain persons' names.
  private static let nameFields: [String: [Int]] = [
    "EVN": [5], "PID": [5, 6, 9], "PD1": [4], "MRG": [7], "NK1": [2, 30], "GT1": [3, 4],
    "IN1": [16],
    "PV1": [7, 8, 9, 17, 52], "ORC": [10, 11, 12, 19], "OBR": [10, 16, 28, 32, 33, 34, 35],
    "OBX": [16, 25], "TXA": [5, 9, 10, 11, 22], "ROL": [4], "PRT": [5],
  ]

  private let message: HL7Message
  private let time: HL7Time

  /// - Throws: `Rejection` when it is another kind of message or names no study.
  init(_ message: HL7Message) throws(Rejection) {
    self.message = message
    guard let header = message.segments.first,
      ["ORU", "MDM"].contains(message.first(header, 9).prefix(3))
    else {
      throw Rejection(.malformed, "HL7 message type is neither ORU nor MDM")
    }
    time = HL7Time(message.first(header, 7))
    var names: Set<String> = []
    for segment in message.segments {
      for number in Self.nameFields[segment.name] ?? [] {
        names.formUnion(message.words(segment, number))
      }
    }
    for part in parts {
      let orders = HL7Orders(part, of: message, time: time)
      let patients = Self.patients(part, of: message)
      for group in orders.groups {
        for order in group.orders { add(order, group.results, orders.document, patients, names) }
      }
    }
    guard !reports.isEmpty else {
      throw Rejection(
        .malformed, "HL7 message without accession number (OBR-18, OBR-3, ORC-3, TXA-15) or ZDS-1")
    }
  }

  /// The segments from one PID to the next: patients share nothing.
  private var parts: [ArraySlice<HL7Message.Segment>] {
    let places = message.segments.indices.filter { message.segments[$0].name == "PID" }
    let starts = [0] + places.dropFirst()
    let ends = starts.dropFirst() + [message.segments.count]
    return zip(starts, ends).map { message.segments[$0..<$1] }
  }

  /// PID-2, PID-3 and PID-4, with the namespace or the universal ID of the assigning authority.
  private static func patients(_ part: ArraySlice<HL7Message.Segment>, of message: HL7Message)
    -> [PatientIdentifier]
  {
    let fields = part.filter { $0.name == "PID" }.flatMap { segment in
      [2, 3, 4].flatMap { message.repetitions(segment, $0) }
    }
    return fields.compactMap { field in
      let namespace = message.component(field, 4)
      return PatientIdentifier(
        number: message.component(field, 1),
        issuer: namespace.isEmpty ? message.component(field, 4, sub: 2) : namespace)
    }
  }

  private mutating func add(
    _ order: HL7Order, _ results: [HL7Result], _ document: HL7Document?,
    _ patients: [PatientIdentifier], _ names: Set<String>
  ) {
    var seen: Set<String> = []
    let identifiers = (order.identifiers + order.studies).filter { seen.insert($0).inserted }
    guard let key = identifiers.first else { return }
    reports.append(
      Report(
        identifiers: Redacted(identifiers), patients: Redacted(patients),
        names: Redacted(names.sorted()),
        observations: document.map { $0.observations(whole(order, results)) }
          ?? observations(key, order, results)))
  }

  /// The text of a document; `nil` where there is none.
  private func whole(_ order: HL7Order, _ results: [HL7Result]) -> String? {
    let results = results.filter {
      !HL7Status(observation: $0.status, order: "").isWithdrawn && !$0.lines.isEmpty
    }
    let lines = order.notes + results.flatMap(\.lines)
    return lines.isEmpty ? nil : lines.map { $0 + "\n" }.joined()
  }

  private func observations(_ key: String, _ order: HL7Order, _ results: [HL7Result])
    -> [Observation]
  {
    var texts: [String: (rank: ReportRank, text: String)] = [:]
    var identities: [String] = []
    func add(_ name: String, _ status: HL7Status, _ lines: [String]) {
      let identity = [key, order.service, name].joined(separator: "\u{0}")
      let rank = status.rank(at: order.time.isEmpty ? time.digits : order.time)
      let text = status.isWithdrawn ? "" : lines.map { $0 + "\n" }.joined()
      // Lines of one text: the most advanced one sets its rank.
      guard let known = texts[identity] else {
        identities.append(identity)
        texts[identity] = (rank, text)
        return
      }
      texts[identity] = (max(known.rank, rank), known.text + text)
    }
    if !order.notes.isEmpty {
      add("NTE", HL7Status(observation: "", order: order.status), order.notes)
    }
    for result in results where result.isText || !result.lines.isEmpty {
      let status = HL7Status(observation: result.status, order: order.status)
      if status.isUnsent && result.lines.allSatisfy(\.isEmpty) { continue }
      add(result.name, status, result.lines)
    }
    return identities.compactMap { identity in
      texts[identity].map {
        Observation(identity: Redacted(identity), rank: $0.rank, text: Redacted($0.text))
      }
    }
  }
}
