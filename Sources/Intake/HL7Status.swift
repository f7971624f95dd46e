import Core

/// The status of a result: OBX-11 (HL7 table 0085), or OBR-25 (table 0123) if that is empty.
struct HL7Status {
  private let result: String
  private let isCorrected: Bool

  init(observation: String, order: String) {
    result = observation.isEmpty ? order : observation
    // Many systems give it for the whole order only.
    isCorrected = ["C", "D", "W", "X"].contains(result) || ["C", "M"].contains(order)
  }

  /// Deleted, wrong, or not available: its text doesn't count.
  var isWithdrawn: Bool { ["D", "W", "X"].contains(result) }

  /// Final without being sent again: the text sent before counts.
  var isUnsent: Bool { result == "U" }

  func rank(at time: String) -> ReportRank {
    let isPreliminary = ["P", "I", "S", "R", "O", "N", "A", "M"].contains(result)
    return ReportRank(
      stage: isPreliminary ? .preliminary : .final, time: time, correction: isCorrected ? 1 : 0)
  }
}
