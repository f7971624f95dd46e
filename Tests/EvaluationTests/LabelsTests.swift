import Core
import Evaluation
import TestSupport
import Testing

@Suite struct LabelsTests {
  private let folder: TemporaryFolder
  private let keys: Keys

  init() throws {
    folder = try TemporaryFolder()
    keys = try Keys(
      Configuration(
        TOMLDocument(
          text: "[intake]\ninput = \"/in\"\n[state]\ndirectory = \"\(folder.path)\"", path: "")))
  }

  @Test(arguments: ["\t", ","])
  func `a study has its most frequent labels`(_ separator: String) throws {
    let lines = [
      ["sop_uid", "study_uid", "modality", "region"], ["1", "1.2", "CT", "HEAD"],
      ["2", "1.2", "CT", "NECK"], ["3", "1.2", "MR", "NECK"], ["4", "1.3", "", "LEG"],
    ].map { $0.joined(separator: separator) }
    let path = try folder.file("labels", lines.joined(separator: "\r\n"))
    let labels = try Labels(contentsOf: path, keys: keys)
    let first = labels.labels(study: keys.study(Redacted("1.2")))
    #expect(first?.modality == "CT" && first?.region == "NECK")
    let second = labels.labels(study: keys.study(Redacted("1.3")))
    #expect(second?.modality == nil && second?.region == "LEG")
    #expect(labels.labels(study: keys.study(Redacted("1.4"))) == nil)
  }

  @Test(arguments: [
    ("", "columns"), ("study,modality,region\n", "columns"),
    ("study_uid,modality,region\n1,CT\n", "line 2 has 2 fields"),
  ])
  func `a table that can't be read is refused with the reason`(_ text: String, _ reason: String)
    throws
  {
    let path = try folder.file("labels.csv", text)
    let error = #expect(throws: FileError.self) { try Labels(contentsOf: path, keys: self.keys) }
    #expect(error.map { "\($0)".contains(reason) } == true)
  }
}
