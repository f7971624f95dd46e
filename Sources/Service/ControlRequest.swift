import Core
import Store

/// A request on the control socket, parsed completely before anything is done. A member of the wrong type or with an
/// unknown name is refused; otherwise what it should change would be skipped silently.
enum ControlRequest: Equatable {
  case status
  case metrics
  case recluster(dryRun: Bool, hold: Bool, waits: Bool)
  case rollback(generation: Int, waits: Bool)
  case approve(waits: Bool)
  case reject
  /// `nil` leaves a value unchanged; an empty name removes the name.
  case review(cluster: Int, name: String?, trust: ClusterTrust?, Remark)
  case place(unit: String, ControlSocket.Place, Remark)
  case propose(Proposal.Kind, clusters: [Int], Remark)
  /// Withdraws the proposals that name one of the clusters.
  case withdraw(clusters: [Int], Remark)
  case activate(BundleHash)
  case retry(fileKey: String)

  struct Refusal: ServiceError, ExitingError, Equatable, CustomStringConvertible {
    let description: String
    /// How a command ends that is refused: the request is wrong, or it is not the time for it.
    var exitCode = ExitCode.data
    var response: ErrorResponse { .report }
  }

  init(_ request: JSON) throws(Refusal) {
    var members = try Members(request)
    _ = try members.number("version")
    let command = try members.text("command")
    switch command {
    case "status": self = .status
    case "metrics": self = .metrics
    case "recluster":
      self = .recluster(
        dryRun: try members.flag("dry_run"), hold: try members.flag("hold"),
        waits: try members.flag("wait"))
    case "rollback":
      self = .rollback(
        generation: try members.number("generation"), waits: try members.flag("wait"))
    case "approve": self = .approve(waits: try members.flag("wait"))
    case "reject": self = .reject
    case "review":
      self = .review(
        cluster: try members.number("cluster"), name: try members.optionalText("name"),
        trust: try members.optionalChoice("trust"), try members.remark())
    case "place":
      self = .place(
        unit: try members.text("unit"), try members.place(), try members.remark())
    case "propose":
      let clusters = try members.numbers("clusters")
      let kind = try members.text("kind")
      self =
        kind == "withdraw"
        ? .withdraw(clusters: clusters, try members.remark())
        : .propose(
          try Members.choice("kind", kind), clusters: clusters, try members.remark())
    case "activate":
      guard let hash = BundleHash(try members.text("bundle")) else {
        throw Refusal(description: BundleHash.rule)
      }
      self = .activate(hash)
    case "retry": self = .retry(fileKey: try members.text("file_key"))
    default:
      throw Refusal(description: "unknown command \(command)", exitCode: .unavailable)
    }
    try members.finish()
  }

  struct Members {
    private var left: [String: JSON] = [:]

    init(_ request: JSON) throws(Refusal) {
      guard case .object(let members) = request else {
        throw Refusal(description: "a request is a JSON object")
      }
      for (key, value) in members { left[key] = value }
    }

    private mutating func take<Value>(_ name: String, _ kind: String, _ read: (JSON) -> Value?)
      throws(Refusal) -> Value?
    {
      guard let member = left.removeValue(forKey: name), member != .null else { return nil }
      guard let value = read(member) else {
        throw Refusal(description: "\(name) has to be \(kind)")
      }
      return value
    }

    mutating func optionalText(_ name: String) throws(Refusal) -> String? {
      try take(name, "text", \.string)
    }

    mutating func text(_ name: String) throws(Refusal) -> String {
      guard let text = try optionalText(name) else {
        throw Refusal(description: "\(name) is missing")
      }
      return text
    }

    mutating func number(_ name: String) throws(Refusal) -> Int {
      guard let number = try optionalNumber(name) else {
        throw Refusal(description: "\(name) is missing")
      }
      return number
    }

    mutating func numbers(_ name: String) throws(Refusal) -> [Int] {
      let numbers = try take(name, "a list of whole numbers") { member -> [Int]? in
        guard let items = member.array else { return nil }
        let numbers = items.compactMap(\.int)
        return numbers.count == items.count ? numbers : nil
      }
      guard let numbers else { throw Refusal(description: "\(name) is missing") }
      return numbers
    }

    mutating func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String)
      throws(Refusal) -> Choice?
    {
      guard let text = try optionalText(name) else { return nil }
      return try Self.choice(name, text)
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
      _ name: String, _ text: String
    ) throws(Refusal) -> Choice {
      guard let choice = Choice(rawValue: text) else {
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw Refusal(description: "\(name) is \(choices), not \(text)")
      }
      return choice
    }

    mutating func place() throws(Refusal) -> ControlSocket.Place {
      let cluster = try take("cluster", "a whole number", \.int)
      let (out, free) = (try flag("out"), try flag("free"))
      switch (cluster, out, free) {
      case (let cluster?, false, false): return .cluster(cluster)
      case (nil, true, false): return .out
      case (nil, false, true): return .free
      default: throw Refusal(description: "a place is one of cluster, out and free")
      }
    }

    mutating func remark() throws(Refusal) -> Remark {
      guard
        let remark = Remark(
          reviewer: try optionalText("reviewer"), comment: try optionalText("comment"))
      else { throw Refusal(description: Remark.rule) }
      return remark
    }

    mutating func optionalNumber(_ name: String) throws(Refusal) -> Int? {
      try take(name, "a whole number", \.int)
    }

    mutating func flag(_ name: String) throws(Refusal) -> Bool {
      try take(name, "true or false", \.bool) ?? false
    }

    func finish() throws(Refusal) {
      if let name = left.keys.min() {
        throw Refusal(description: "unknown member \(name)")
      }
    }
  }
}
