import Core

/// The document of a TXA segment (MDM messages). Its versions replace each other as a whole.
struct HL7Document {
  private let number: String
  private let replaced: String?
  private let isWithdrawn: Bool
  private let rank: ReportRank

  /// - Parameters:
  ///   - event: the trigger event in MSH-9.
  ///   - time: the message's time, for a document without one.
  /// - Returns: `nil` for a document without a number (TXA-12).
  init?(_ segment: HL7Message.Segment, of message: HL7Message, event: String, time: HL7Time) {
    number = message.first(segment, 12)
    guard !number.isEmpty else { return nil }
    let parent = message.first(segment, 13)
    // The parent of an addendum still counts; the parent of a replacement (T10) doesn't.
    replaced = event == "T10" && parent != number && !parent.isEmpty ? parent : nil
    isWithdrawn = event == "T11" || ["CA", "OB"].contains(message.first(segment, 19))
    // Activity, origination, transcription, edits: the latest identifies the version.
    let times = [4, 6, 7, 8].flatMap { message.identifiers(segment, $0) }
      .map { HL7Time($0, zone: time.zone).digits }
    let isPreliminary = ["DI", "DO", "IN", "IP", "PA"].contains(message.first(segment, 17))
    rank = ReportRank(
      stage: isPreliminary ? .preliminary : .final,
      time: times.max().flatMap { $0.isEmpty ? nil : $0 } ?? time.digits,
      correction: isWithdrawn ? 1 : 0)
  }

  /// - Parameter text: `nil` for a message that refers to the document without its text.
  func observations(_ text: String?) -> [Observation] {
    guard text != nil || isWithdrawn else { return [] }
    var observations = [observation(number, isWithdrawn ? "" : text ?? "", rank)]
    if let replaced {
      var rank = rank
      rank.correction = 1
      observations.append(observation(replaced, "", rank))
    }
    return observations
  }

  private func observation(_ number: String, _ text: String, _ rank: ReportRank) -> Observation {
    Observation(
      identity: Redacted("TXA\u{0}" + number), rank: rank, text: Redacted(text))
  }
}
