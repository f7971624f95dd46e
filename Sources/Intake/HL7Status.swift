import Core

/// How far a result has come: OBX-11 (HL7 table 0085), or OBR-25 (table 0123) where it is empty.
struct HL7Status {
  private let result: String
  private let isCorrected: Bool

  init(observation: String, order: String) {
    result = observation.isEmpty ? order : observation
    // Many systems say it for the whole order alone.
    isCorrected = ["C", "D", "W", "X"].contains(result) || ["C", "M"].contains(order)
  }

  /// Deleted, wrong, or not to be had: its text doesn't count.
  var isWithdrawn: Bool { ["D", "W", "X"].contains(result) }

  /// Final without being sent again: what was sent before stands.
  var isUnsent: Bool { result == "U" }

  func rank(at time: String) -> ReportRank {
    let isPreliminary = ["P", "I", "S", "R", "O", "N", "A", "M"].contains(result)
    return ReportRank(
      stage: isPreliminary ? .preliminary : .final, time: time, correction: isCorrected ? 1 : 0)
  }
}
