import Core
import Testing

/// Which of a study's reports count.
@Suite struct ReportVersionTests {
  private static func version(
    _ stage: ReportRank.Stage, _ time: String = "", title: String? = "t",
    replacing predecessors: [String] = []
  ) -> ReportVersion {
    ReportVersion(
      rank: ReportRank(stage: stage, time: time), title: title, predecessors: predecessors)
  }

  @Test func `of reports with one title the highest rank counts`() {
    #expect(
      ReportVersion.replaced([
        "a": Self.version(.preliminary, "9"), "b": Self.version(.final, "1"),
        "c": Self.version(.final, "2"), "d": Self.version(.final, "2"),
        "e": Self.version(.preliminary, title: "u"), "f": Self.version(.preliminary, title: nil),
      ]) == ["a", "b"])
  }

  @Test func `a replaced report still replaces others, and none replaces itself`() {
    #expect(
      ReportVersion.replaced([
        "a": Self.version(.verified, "9"), "b": Self.version(.final, title: nil, replacing: ["a"]),
        "c": Self.version(.preliminary, title: "u", replacing: ["b", "c", "unknown"]),
        "d": Self.version(.final, "1"),
      ]) == ["a", "b", "d", "unknown"])
  }
}
