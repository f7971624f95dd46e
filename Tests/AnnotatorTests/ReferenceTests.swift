import Core
import Foundation
import Store
import TestSupport
import Testing

@testable import Annotator

@Suite struct ReferenceTests {
  private let desk: IntakeDesk

  init() throws {
    let folder = try TemporaryFolder()
    let configuration = try Configuration(
      TOMLDocument(text: "[intake]\ninput = \"\(folder.path)\"", path: ""))
    let keys = Keys(
      siteKey: try SiteKey.load(stateDirectory: folder.path), identifiers: .key, bodyParts: .none)
    desk = try IntakeDesk(configuration, keys: keys, store: try Store(path: ":memory:"))
  }

  @Test func `only studies that were there when training began are its reference`() {
    desk.hold([(key: "early", content: OpenStudy())])
    #expect(desk.takeReference().keys.sorted() == ["early"])
    desk.hold([(key: "late", content: OpenStudy())])
    let released = desk.release()
    #expect(released.map(\.key) == ["early", "late"])
    #expect(released.map(\.content.isReference) == [true, false])
  }

  @Test func `a study stays reference when its transaction failed`() {
    desk.hold([(key: "a", content: OpenStudy()), (key: "b", content: OpenStudy())])
    _ = desk.takeReference()
    desk.putBack(desk.release()[...])
    let again = desk.complete(now: .now, limit: 10)
    #expect(again.map(\.key).sorted() == ["a", "b"])
    #expect(again.allSatisfy { $0.content.isReference })
  }
}
