/// Which of two versions of the same report text counts: the one with the higher rank.
package struct ReportRank: Sendable, Hashable, Comparable {
  /// Final results rank above preliminary ones, whatever their times; verified structured reports rank above unverified
  /// ones.
  package enum Stage: Int, Sendable { case preliminary, final, verified }

  package var stage: Stage
  /// Digits of an HL7 time stamp in UTC where it names its zone; empty where there is none.
  package var time: String
  /// Breaks ties: a correction (1) ranks above what it corrects (0).
  package var correction: Int

  package init(stage: Stage, time: String = "", correction: Int = 0) {
    self.stage = stage
    self.time = time
    self.correction = correction
  }

  package static func < (first: ReportRank, second: ReportRank) -> Bool {
    (first.stage.rawValue, first.time, first.correction)
      < (second.stage.rawValue, second.time, second.correction)
  }
}
