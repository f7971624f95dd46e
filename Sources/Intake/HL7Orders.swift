import Core

/// The orders of one patient's part of a message, each with its results.
struct HL7Orders {
  private(set) var groups: [HL7OrderGroup] = []
  private(set) var document: HL7Document?

  private let message: HL7Message
  private let event: String
  private let time: HL7Time
  private var studies: [String] = []
  /// ORC-3 of an order whose OBR has not come yet.
  private var pending: [String]?
  /// The segment that an NTE segment belongs to.
  private var noted = ""

  init(_ segments: ArraySlice<HL7Message.Segment>, of message: HL7Message, time: HL7Time) {
    self.message = message
    self.time = time
    let header = message.segments.first
    event =
      header.flatMap { message.repetitions($0, 9).first }.map { message.component($0, 2) } ?? ""
    for segment in segments { read(segment) }
    shareStudies()
  }

  private mutating func read(_ segment: HL7Message.Segment) {
    if segment.name != "NTE" { noted = segment.name }
    switch segment.name {
    case "ZDS":
      let uids = message.identifiers(segment, 1)
      studies += uids
      if let last = groups.indices.last {
        groups[last].orders[groups[last].orders.count - 1].studies += uids
      }
    case "ORC": pending = message.identifiers(segment, 3)
    case "OBR":
      begin(HL7Order(segment, of: message, common: pending ?? [], zone: time.zone))
    case "TXA":
      document = HL7Document(segment, of: message, event: event, time: time)
      pending = (pending ?? []) + message.identifiers(segment, 15)
      beginPending()
    case "OBX":
      beginPending()
      if groups.isEmpty { begin(HL7Order(identifiers: [])) }
      groups[groups.count - 1].results.append(HL7Result(segment, of: message))
    case "NTE": note(message.lines(segment, 3))
    default: break
    }
  }

  private mutating func begin(_ order: HL7Order) {
    pending = nil
    // OBR segments without an OBX between them are reported together.
    if groups.last?.results.isEmpty == true {
      groups[groups.count - 1].orders.append(order)
    } else {
      groups.append(HL7OrderGroup(orders: [order]))
    }
  }

  /// An ORC without an OBR is an order, too: what follows doesn't belong to the order before it.
  private mutating func beginPending() {
    guard let identifiers = pending else { return }
    pending = nil
    if let last = groups.last, last.results.isEmpty,
      Set(identifiers).isSubset(of: last.orders.flatMap(\.identifiers))
    {
      return
    }
    begin(HL7Order(identifiers: identifiers))
  }

  private mutating func note(_ text: String) {
    guard let last = groups.indices.last else { return }
    switch noted {
    case "OBR": groups[last].orders[groups[last].orders.count - 1].notes.append(text)
    case "OBX": groups[last].results[groups[last].results.count - 1].lines.append(text)
    default: break
    }
  }

  /// Assigns study UIDs to orders: all to the only order, or each to the order above it if every order has its own.
  private mutating func shareStudies() {
    let orders = groups.flatMap(\.orders)
    let haveTheirOwn = studies.count > 1 && orders.allSatisfy { $0.studies.count <= 1 }
    for group in groups.indices {
      for order in groups[group].orders.indices {
        let isNameless = groups[group].orders[order].identifiers.isEmpty
        if orders.count == 1 || (isNameless && !haveTheirOwn) {
          groups[group].orders[order].studies = studies
        } else if !haveTheirOwn {
          groups[group].orders[order].studies = []
        }
      }
    }
  }
}
