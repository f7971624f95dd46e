import Clustering
import Core
import TestSupport
import Testing

@Suite struct ScoresTests {
  private static func labels(_ text: String?) -> [Int] {
    (text ?? "").compactMap { Int(String($0), radix: 36) }
  }

  @Test func `scores equal scikit-learn's`() throws {
    let cases = try #require(try golden("scores", in: .module)["cases"]?.array)
    #expect(cases.count == 3_000)
    for item in cases {
      let agreement = Agreement(
        truth: Self.labels(item["truth"]?.string), clusters: Self.labels(item["clusters"]?.string))
      let pairs = [
        (agreement.homogeneity, "homogeneity"), (agreement.completeness, "completeness"),
        (agreement.vMeasure, "v_measure"), (agreement.mutualInformation, "mutual_information"),
        (agreement.normalizedMutualInformation, "nmi"),
        (agreement.adjustedMutualInformation, "ami"), (agreement.adjustedRandIndex, "ari"),
      ]
      for (value, name) in pairs where abs(value - (item[name]?.double ?? .nan)) >= 1e-9 {
        Issue.record("\(name) is \(value), not \(item[name]?.double ?? .nan), of \(item.encoded)")
      }
    }
  }

  @Test func `silhouettes equal scikit-learn's`() throws {
    let cases = try #require(try golden("silhouettes", in: .module)["cases"]?.array)
    #expect(cases.count == 1_000)
    for item in cases {
      let rows = item["points"]?.array?.map(\.numbers) ?? []
      var points = Points(layout: BlockLayout(lengths: [rows[0].count, 0, 0], weights: [1, 0, 0]))
      for row in rows {
        points.append(Embedding(values: row.map { Float($0) }, mask: BlockMask(.image)))
      }
      let value = try #require(Silhouette.mean(points, labels: item["labels"]?.integers ?? []))
      #expect(abs(value - (item["silhouette"]?.double ?? .nan)) < 1e-9)
    }
  }

  @Test func `one cluster has no silhouette`() {
    let points = Mixture(seed: 1, clusters: 2).points(20)
    #expect(Silhouette.mean(points, labels: [Int](repeating: 0, count: 20)) == nil)
  }
}
