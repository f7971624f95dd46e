import Core
import Features
import Foundation
import TestSupport
import Testing

@Suite struct PCATests {
  /// When only the leading directions of many are needed.
  @Test func `leading components equal scikit-learn's`() throws {
    let item = try golden("principal-directions", in: .module)
    let rows = try #require(item["rows"]?.int)
    let letters = try #require(item["points"]?.string?.utf8)
    let values = letters.map { Float(Int($0 == UInt8(ascii: "~") ? 92 : $0) - 95) }
    let points = Matrix(rows: rows, columns: values.count / rows, values: values)
    let model = PCA(fitting: points, components: try #require(item["components"]?.int))
    for (mine, peer) in zip(model.variances, item["variances"]?.array ?? []) {
      #expect(abs(mine / (peer.double ?? 0) - 1) < 1e-6)
    }
    for (row, peer) in (item["projected"]?.array ?? []).enumerated() {
      let mine = model.project(Array(points.row(row)))
      let expected = (peer.array ?? []).compactMap(\.double)
      #expect(mine.count == expected.count)
      for (a, b) in zip(mine, expected) { #expect(abs(abs(Double(a)) - abs(b)) < 1e-3) }
    }
  }

  @Test func `projections equal scikit-learn's up to the sign`() throws {
    for item in try golden("pca", in: .module)["cases"]?.array ?? [] {
      let rows = item["points"]?.array?.map { $0.numbers.map { Float($0) } } ?? []
      let pca = PCA(
        fitting: Matrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 }),
        components: item["components"]?.int ?? 0)
      let variances = item["variances"]?.numbers ?? []
      #expect(pca.outputDimensions == variances.count)
      for (mine, theirs) in zip(pca.variances, variances) {
        #expect(abs(mine - theirs) <= 1e-5 * variances[0])
      }
      let projected = item["projected"]?.array?.map(\.numbers) ?? []
      let mine = rows.map { pca.project($0) }
      for component in variances.indices {
        let scale = variances[0].squareRoot()
        let sign = mine.indices.reduce(0.0) {
          $0 + Double(mine[$1][component]) * projected[$1][component]
        }
        for row in mine.indices {
          let difference =
            Double(mine[row][component]) * (sign < 0 ? -1 : 1) - projected[row][component]
          #expect(abs(difference) <= 1e-5 * scale)
        }
      }
    }
  }

  @Test func `no more components are kept than the data has directions`() {
    let rows: [[Float]] = [[0, 0, 0], [1, 2, 3], [2, 4, 6]]
    let pca = PCA(fitting: Matrix(rows: 3, columns: 3, values: rows.flatMap { $0 }), components: 3)
    #expect(pca.outputDimensions == 1)
    #expect(pca.project([1, 2, 3])[0].magnitude < 1e-5)
  }

  @Test func `constant data gives one harmless component`() {
    let pca = PCA(
      fitting: Matrix(rows: 4, columns: 2, values: [Float](repeating: 7, count: 8)), components: 2)
    #expect(pca.project([7, 7]) == [0])
  }
}
