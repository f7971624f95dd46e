/// Requests of reviewers to the daemon, as `radiologynetctl` and the pages send them.
///
/// Each returns the daemon's answer and throws `FileError`, as `ControlSocket.ask` does.
extension ControlSocket {
  /// Sets a cluster's name, its trust, or both, in one event. `nil` leaves a value; an empty name removes the name.
  package static func review(
    _ path: String, cluster: Int, name: String? = nil, trust: String? = nil,
    remark: Remark = .none
  ) throws -> JSON {
    try ask(
      path,
      request(
        "review", remark,
        [("cluster", .int(cluster)), ("name", .optional(name)), ("trust", .optional(trust))]))
  }

  /// Where a unit should stand from now on.
  package enum Place: Sendable, Equatable {
    case cluster(Int)
    /// Out of the cluster that it is in.
    case out
    /// Where the models put it: withdraws earlier placements.
    case free
  }

  /// Moves a unit to another cluster, or out of its own.
  package static func place(
    _ path: String, unit: String, _ place: Place, remark: Remark = .none
  ) throws -> JSON {
    let target: (String, JSON) =
      switch place {
      case .cluster(let cluster): ("cluster", .int(cluster))
      case .out: ("out", true)
      case .free: ("free", true)
      }
    return try ask(path, request("place", remark, [("unit", .string(unit)), target]))
  }

  /// Proposes clusters to merge (`merge`) or one to split (`split`) in the next fit, or withdraws (`withdraw`) the
  /// proposals that name a cluster.
  package static func propose(
    _ path: String, _ kind: String, clusters: [Int], remark: Remark = .none
  ) throws -> JSON {
    try ask(
      path,
      request(
        "propose", remark,
        [("kind", .string(kind)), ("clusters", .array(clusters.map(JSON.int)))]))
  }

  private static func request(_ command: String, _ remark: Remark, _ members: [(String, JSON)])
    -> JSON
  {
    .object(
      [("version", .int(version)), ("command", .string(command))] + members
        + [("reviewer", .optional(remark.reviewer)), ("comment", .optional(remark.comment))])
  }
}
