import Core
import Store
import Testing

@testable import Service

/// When the semantic encoder is tried.
@Suite struct EncoderTrialsTests {
  private static func begun(_ count: Int, _ store: any Store) throws -> EncoderTrials {
    var trials = try EncoderTrials(store)
    for _ in 0..<count {
      #expect(try trials.begin(BackgroundJob("trial"), active: nil, store))
      trials.end()
    }
    return trials
  }

  @Test func `a judged trial waits for fourfold growth, a failed one for a quarter more`() throws {
    let store = try SQLiteStore(path: ":memory:")
    var trials = try EncoderTrials(store)
    #expect(trials.threshold == 300)
    try store.transaction { try trials.note(["units": 1_000, "chosen": false], store) }
    #expect(try EncoderTrials(store).threshold == 4_000)
    try store.transaction { try trials.note(["units": 1_000, "error": "no libtorch"], store) }
    #expect(try EncoderTrials(store).threshold == 1_250)
  }

  @Test func `a daemon that dies in every trial gives up after three`() throws {
    let store = try SQLiteStore(path: ":memory:")
    _ = try Self.begun(3, store)
    var trials = try EncoderTrials(store)
    #expect(try !trials.begin(BackgroundJob("trial"), active: nil, store))
    try store.transaction { try trials.note(["units": 400, "error": "in vain"], store) }
    #expect(try trials.begin(BackgroundJob("trial"), active: nil, store))
  }

  @Test func `interrupted trials don't count`() throws {
    let store = try SQLiteStore(path: ":memory:")
    for _ in 0..<5 {
      var trials = try EncoderTrials(store)
      #expect(try trials.begin(BackgroundJob("trial"), active: nil, store))
      try store.transaction { try trials.interrupt(store) }
    }
  }
}
