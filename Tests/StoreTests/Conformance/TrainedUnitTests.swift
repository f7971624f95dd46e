import Core
import Store
import Testing

/// Units that the models were trained on are no reference for new ones.
@Suite struct TrainedUnitTests {
  @Test(arguments: StoreKind.allCases)
  func `drift leaves trained units out, in reference and windows`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for index in 0..<20 {
      var unit = UnitRecord("u\(index)", sequence: index + 1, window: index < 10 ? nil : 4)
      unit.isTrained = index < 8
      try store.save(unit)
    }
    #expect(try store.unit("u3")?.isTrained == true && store.unit("u9")?.isTrained == false)
    // Two untrained units of the fit are fewer than a window: the first five new ones are the reference.
    try store.freezeReference(generation: 4, bundle: "b", limit: 100, window: 5)
    #expect(try store.reference(generation: 4).map(\.studyKey) == (10..<15).map { "u\($0)" })
    #expect(try store.referenceWindow(generation: 4).units == 5)
  }
}
