import Clustering
import Core
import TestSupport
import Testing

@Suite struct ScoresTests {
  @Test func `scores equal scikit-learn's`() throws {
    let cases = try #require(try golden("scores", in: .module)["cases"]?.array)
    #expect(cases.count == 200)
    for item in cases {
      let agreement = Agreement(
        truth: item["truth"]?.integers ?? [], clusters: item["clusters"]?.integers ?? [])
      let pairs = [
        (agreement.homogeneity, "homogeneity"), (agreement.completeness, "completeness"),
        (agreement.mutualInformation, "mutual_information"),
        (agreement.normalizedMutualInformation, "nmi"),
      ]
      for (value, name) in pairs {
        #expect(abs(value - (item[name]?.double ?? .nan)) < 1e-9, "\(name) of \(item.encoded)")
      }
    }
  }
}
