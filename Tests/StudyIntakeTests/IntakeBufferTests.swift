import Core
import Embeddings
import Foundation
import Store
import TestSupport
import Testing

@testable import StudyIntake

@Suite struct IntakeBufferTests {
  private let buffer: IntakeBuffer

  init() throws {
    let folder = try TemporaryFolder()
    let configuration = try Configuration(
      TOMLDocument(text: "[intake]\ninput = \"\(folder.path)\"", path: ""))
    let keys = Keys(
      siteKey: try SiteKey.load(stateDirectory: folder.path), identifiers: .key, bodyParts: .none)
    buffer = try IntakeBuffer(configuration, keys: keys, index: try SQLiteStore(path: ":memory:"))
  }

  @Test func `only studies present at the start of training are its reference`() {
    buffer.hold([(key: "early", content: OpenStudy())])
    #expect(buffer.takeReference().keys.sorted() == ["early"])
    buffer.hold([(key: "late", content: OpenStudy())])
    let released = buffer.release()
    #expect(released.map(\.key) == ["early", "late"])
    #expect(released.map(\.content.isReference) == [true, false])
  }

  @Test func `a study stays reference after its transaction failed`() {
    buffer.hold([(key: "a", content: OpenStudy()), (key: "b", content: OpenStudy())])
    _ = buffer.takeReference()
    buffer.putBack(buffer.release()[...])
    let again = buffer.complete(now: .now, limit: 10)
    #expect(again.map(\.key).sorted() == ["a", "b"])
    #expect(again.allSatisfy { $0.content.isReference })
  }
}
