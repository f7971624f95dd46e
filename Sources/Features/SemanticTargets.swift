import Foundation

/// Reports and tags of studies as rows of numbers for a network to predict.
struct SemanticTargets {
  /// The terms to predict: in at least 8 reports and at most half of them.
  let terms: [Int]
  /// By term, so that the few reports with it weigh about as much as the many without.
  let positiveWeights: [Float]
  let textLength: Int
  let tagLength: Int
  private let tagCenter: [Float]
  private let tagScale: Float

  static let mostTerms = 2_000

  /// - Parameter studies: the training studies.
  init(_ studies: [SemanticStudy]) {
    let reports = studies.compactMap(\.terms)
    var frequency: [Int: Int] = [:]
    for term in reports.joined() { frequency[term, default: 0] += 1 }
    let counted = frequency.filter { 8...max(8, reports.count / 2) ~= $0.value }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(Self.mostTerms)
    terms = counted.map(\.key)
    positiveWeights = counted.map { _, count in
      min(8, (Float(reports.count - count) / Float(count)).squareRoot())
    }
    textLength = studies.lazy.compactMap(\.text).first?.count ?? 0

    let tags = studies.compactMap(\.tags)
    let length = tags.first?.count ?? 0
    tagLength = length
    var center = [Double](repeating: 0, count: length)
    for row in tags { for index in row.indices { center[index] += Double(row[index]) } }
    for index in center.indices { center[index] /= Double(tags.count) }
    var variance = 0.0
    for row in tags {
      for index in row.indices {
        variance += (Double(row[index]) - center[index]) * (Double(row[index]) - center[index])
      }
    }
    variance /= Double(max(1, tags.count * length))
    tagCenter = center.map { Float($0) }
    // The loss is linear in large errors and quadratic in small ones, so the unit matters.
    tagScale = variance > 0 ? Float(1 / variance.squareRoot()) : 0
  }

  /// Whether no study has a report.
  var areWordless: Bool { textLength == 0 }

  /// One target row per study: text, terms, tags, a flag for a report and one for tags.
  func rows(_ studies: [SemanticStudy]) -> [Float] {
    var rows: [Float] = []
    rows.reserveCapacity(studies.count * (textLength + terms.count + tagLength + 2))
    for study in studies {
      // What no training study has can't be predicted.
      let known = (
        text: textLength > 0 ? study.text : nil, tags: tagLength > 0 ? study.tags : nil
      )
      let text = known.text ?? [Float](repeating: 0, count: textLength)
      let tags = known.tags ?? tagCenter
      precondition(text.count == textLength && tags.count == tagLength)
      rows += text
      rows += terms.map { study.terms?.contains($0) ?? false ? 1 : 0 }
      rows += zip(tags, tagCenter).map { ($0 - $1) * tagScale }
      rows.append(known.text == nil ? 0 : 1)
      rows.append(known.tags == nil ? 0 : 1)
    }
    return rows
  }
}
