import Foundation
import Store
import TestSupport
import Testing

@testable import Service

/// Whether an input is unusually quiet depends on its own past.
@Suite struct ArrivalHistoryTests {
  private static let (hour, day) = (3_600.0, 86_400.0)

  /// Files every ten minutes from 7 to 17 on working days: the longest pause is a weekend's, 62 hours.
  private static func weeks(_ count: Int, from start: Double = 0) -> ArrivalHistory {
    var history = ArrivalHistory()
    for date in 0..<7 * count where date % 7 < 5 {
      for step in 0...60 {
        history.note(at: start + Double(date) * day + 7 * hour + Double(step) * 600)
      }
    }
    history.scanned()
    return history
  }

  @Test func `a weekend is usual, a week without files is not`() throws {
    let history = Self.weeks(4)
    let last = try #require(history.last)
    #expect(history.longestPause == 62 * Self.hour)
    #expect(history.issue(at: last + 62 * Self.hour, factor: 3) == nil)
    #expect(history.issue(at: last + 3 * 62 * Self.hour, factor: 3) == nil)
    let issue = try #require(history.issue(at: last + 9 * Self.day, factor: 3))
    #expect(issue.contains("no new file for 9 days") && issue.contains("62 h"))
    // However long it lasts.
    #expect(history.issue(at: last + 90 * Self.day, factor: 3) != nil)
    #expect(history.issue(at: last + 90 * Self.day, factor: 0) == nil)
  }

  @Test func `a new input is not judged, nor one whose files were not looked for yet`() throws {
    let young = Self.weeks(1)
    #expect(young.longestPause == nil)
    #expect(young.issue(at: (young.last ?? 0) + 90 * Self.day, factor: 3) == nil)

    let folder = try TemporaryFolder()
    let store = try SQLiteStore(path: folder.path + "/store.sqlite")
    var saved = Self.weeks(3)
    try saved.save(to: store)
    var restored = try ArrivalHistory(store)
    let late = (saved.last ?? 0) + 30 * Self.day
    #expect(restored.last == saved.last && restored.longestPause == saved.longestPause)
    #expect(restored.issue(at: late, factor: 3) == nil)
    restored.scanned()
    #expect(restored.issue(at: late, factor: 3) != nil)
    restored.note(at: late)
    #expect(restored.issue(at: late + 1, factor: 3) == nil)
  }

  @Test func `pauses of long ago are forgotten, and a clock that is set back makes none`() throws {
    var history = Self.weeks(2)
    let later = 100 * Self.day
    for date in 0..<30 { history.note(at: later + Double(date) * Self.day) }
    #expect(history.longestPause == Self.day)
    history.note(at: later)
    #expect(history.longestPause == Self.day)
  }

  @Test func `a steady input is unusually quiet after a day at the earliest`() {
    var history = ArrivalHistory()
    for minute in 0..<10 * 1_440 { history.note(at: Double(minute) * 60) }
    history.scanned()
    let last = history.last ?? 0
    #expect(history.issue(at: last + 23 * Self.hour, factor: 3) == nil)
    #expect(history.issue(at: last + 25 * Self.hour, factor: 3) != nil)
  }
}
