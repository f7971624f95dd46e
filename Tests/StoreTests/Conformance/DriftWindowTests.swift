import Core
import Store
import Testing

@Suite struct DriftWindowTests {
  private static func filled(_ kind: StoreKind, fitted: Int, new: Int) throws -> any Store {
    let store = try FreshStore(kind).store
    for index in 0..<fitted + new {
      try store.save(
        UnitRecord(
          "u\(index)", sequence: index + 1, values: [Float(index), 0],
          window: index < fitted ? nil : 4))
    }
    return store
  }

  @Test(arguments: StoreKind.allCases)
  func `the reference is the newest units of the fit, in order of arrival`(
    _ kind: StoreKind
  ) throws {
    let store = try Self.filled(kind, fitted: 10, new: 5)
    #expect(try !store.referenceWindow(generation: 4).isFrozen)
    try store.freezeReference(generation: 4, bundle: "b", limit: 6, window: 3)
    let reference = try store.reference(generation: 4)
    #expect(reference.map { $0.embedding.values[0] } == [4, 5, 6, 7, 8, 9])
    #expect(!reference.contains { !$0.isMember })
    let window = try store.referenceWindow(generation: 4)
    #expect(window.units == 0 && window.isFrozen)
    let units = try store.window(generation: 4, offset: 1, limit: 3)
    #expect(units.map(\.studyKey) == ["u11", "u12", "u13"])
  }

  @Test(arguments: StoreKind.allCases)
  func `with few units in the fit the first window is the reference`(_ kind: StoreKind) throws {
    let store = try Self.filled(kind, fitted: 2, new: 7)
    try store.freezeReference(generation: 4, bundle: "b", limit: 100, window: 5)
    #expect(try store.reference(generation: 4).map(\.studyKey) == (2..<7).map { "u\($0)" })
    #expect(try store.referenceWindow(generation: 4).units == 5)
  }

  @Test(arguments: StoreKind.allCases)
  func `judged windows come back in order`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for (generation, window) in [(2, 0), (1, 1), (1, 0)] {
      try store.save(
        DriftRecord(
          generation: generation, window: window, time: "t", isRaised: window == 1, isAlarm: false,
          report: "{}"))
    }
    #expect(try store.driftWindows(generation: 1).map(\.isRaised) == [false, true])
    #expect(try store.driftWindows(generation: nil).count == 3)
  }
}
