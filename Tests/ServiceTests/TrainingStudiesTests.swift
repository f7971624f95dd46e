import Core
import Embeddings
import Features
import TestSupport
import Testing

@Suite struct TrainingStudiesTests {
  private static func keys(_ folder: TemporaryFolder) throws -> Keys {
    Keys(
      siteKey: try SiteKey.load(stateDirectory: folder.path), identifiers: .key, bodyParts: .none)
  }

  @Test func `the site that trained knows its studies, another site's keys match none`() throws {
    let (here, there) = (try TemporaryFolder(), try TemporaryFolder())
    let (own, other) = (try Self.keys(here), try Self.keys(there))
    let names = (0..<500).map { "study \($0)" }
    let studies = TrainingStudies(names + names, keys: own)
    #expect(studies.data.count == 8 * 500)
    #expect(names.allSatisfy { studies.contains($0, keys: own) })
    #expect(!names.contains { studies.contains($0, keys: other) })
    #expect(!studies.contains("study 500", keys: own))
    #expect(!TrainingStudies([String](), keys: own).contains("study 1", keys: own))
  }
}
