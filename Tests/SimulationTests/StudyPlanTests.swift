import Core
import Testing

@testable import Simulation

@Suite struct StudyPlanTests {
  @Test func `the same seed gives the same studies, another one others`() {
    let plans = (0..<20).map { StudyPlan(number: $0, seed: 7) }
    let again = (0..<20).map { StudyPlan(number: $0, seed: 7) }
    #expect(plans.map(\.studyUID) == again.map(\.studyUID))
    #expect(plans.map(\.patientName) == again.map(\.patientName))
    #expect(plans[0].studyUID != StudyPlan(number: 0, seed: 8).studyUID)
  }

  @Test func `the first studies show every modality`() {
    let first = Set((0..<12).map { StudyPlan(number: $0, seed: 1).modality })
    #expect(first.isSuperset(of: ["CT", "MR", "CR", "DX", "US", "MG"]))
  }

  @Test func `UIDs are valid and below the UUID root`() {
    for number in 0..<50 {
      let uid = StudyPlan(number: number, seed: 3).studyUID
      #expect(uid.hasPrefix("2.25.") && uid.utf8.count <= 64)
      #expect(uid.split(separator: ".").allSatisfy { $0 == "0" || !$0.hasPrefix("0") })
    }
  }

  @Test func `what archives lose is missing in some studies and there in others`() {
    let plans = (0..<300).map { StudyPlan(number: $0, seed: 5) }
    #expect(Set(plans.map { $0.bodyPartExamined == nil }).count == 2)
    #expect(Set(plans.map(\.hasWindow)).count == 2)
    #expect(plans.contains { $0.report == .none } && plans.contains { $0.report == .structured })
  }

  @Test(arguments: BodyPart.allCases)
  func `a report is in words of its body part, the same for the same patient`(_ part: BodyPart) {
    var (one, other) = (SeededGenerator(seed: 2), SeededGenerator(seed: 2))
    let text = ReportText.make("CT", part, &one)
    #expect(!text.isEmpty && text == ReportText.make("CT", part, &other))
  }
}
