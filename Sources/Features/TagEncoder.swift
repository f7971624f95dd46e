import Core
import Foundation

/// Encodes acquisition tags as numbers, then applies PCA or an autoencoder. Training selects attributes and values: an
/// attribute must be filled often enough and vary, and a category must be frequent enough. This also keeps odd texts of
/// single patients out of the model.
package struct TagEncoder: Sendable, Codable, Equatable {
  /// One column group: a number with its "absent" flag, or the one-hot values of a category.
  struct Column: Sendable, Codable, Equatable {
    var keyword: String
    /// Position among several values.
    var index: Int
    /// Median and interquartile range of the logarithms, for a number.
    var center: Double?
    var spread: Double?
    /// The known values, for a category; then come "other" and "absent".
    var categories: [String] = []
    /// Factor on the group's values that gives every attribute the same total variance.
    var scale: Double = 1

    var width: Int { center != nil ? 2 : categories.count + 2 }
  }

  private let columns: [Column]
  private let reduction: Reduction

  package var dimensions: Int { reduction.dimensions }

  static let minimumFill = 0.03
  static let mostCategories = 40

  /// - Parameters:
  ///   - units: summaries of at least two units; those without any attribute are left out.
  ///   - studies: each unit's study number; see `ImageEncoder`.
  ///   - leaking: whether to use tags that name what clusters are judged by.
  /// - Returns: `nil` when no attribute is usable.
  /// - Throws: `FeatureError`, `CancellationError`.
  package init?(
    fitting units: [TagValues], studies: [Int], leaking: Bool, _ settings: ReductionSettings
  ) throws {
    let attributes = AcquisitionTag.all.filter { leaking || !$0.leaking }
    let described = units.indices.filter { unit in
      attributes.contains { units[unit][$0.keyword]?.isEmpty == false }
    }
    let (units, studies) = (described.map { units[$0] }, described.map { studies[$0] })
    var columns: [Column] = []
    for attribute in attributes {
      for index in 0..<attribute.values {
        let values = units.map { Self.value($0, attribute.keyword, index) }
        let column =
          attribute.kind == .number
          ? Self.numberColumn(values)
          : Self.categoryColumn(values.map { $0.flatMap { Self.term($0, of: attribute) } })
        guard var column else { continue }
        column.keyword = attribute.keyword
        column.index = index
        column.scale = Self.scale(values.map { column.raw($0) })
        columns.append(column)
      }
    }
    guard !columns.isEmpty else { return nil }
    self.columns = columns
    let rows = units.flatMap { unit in Self.row(unit, columns) }
    let width = rows.count / units.count
    reduction = try settings.fit(
      Matrix(rows: units.count, columns: width, values: rows), groups: studies,
      shape: .dense(inputs: width, hidden: 128))
  }

  /// - Parameter tags: one unit's summary; attributes that it lacks count as absent.
  /// - Returns: `nil` if all are absent: the block is then missing. Lacking tags doesn't make units alike.
  /// - Throws: `FeatureError` when libtorch fails.
  package func encode(_ tags: TagValues) throws(FeatureError) -> [Float]? {
    guard columns.contains(where: { Self.value(tags, $0.keyword, $0.index) != nil }) else {
      return nil
    }
    return try reduction(Self.row(tags, columns))
  }

  private static func row(_ tags: TagValues, _ columns: [Column]) -> [Float] {
    columns.flatMap { column in
      column.raw(value(tags, column.keyword, column.index)).map { Float($0 * column.scale) }
    }
  }

  private static func value(_ tags: TagValues, _ keyword: String, _ index: Int) -> String? {
    guard let parts = tags[keyword]?.split(separator: "\\", omittingEmptySubsequences: false),
      index < parts.count, !parts[index].isEmpty
    else { return nil }
    return String(parts[index])
  }

  private static func numberColumn(_ values: [String?]) -> Column? {
    let logs = values.compactMap { $0.flatMap(Double.init).flatMap(signedLog) }.sorted()
    guard Double(logs.count) >= minimumFill * Double(values.count), let first = logs.first,
      let last = logs.last, first < last || logs.count < values.count
    else { return nil }
    func quantile(_ share: Double) -> Double { logs[Int(share * Double(logs.count - 1))] }
    let range = quantile(0.75) - quantile(0.25)
    return Column(
      keyword: "", index: 0, center: quantile(0.5),
      spread: range > 0 ? range : max(last - first, 1e-6))
  }

  /// A value as a category. Where the standard has codes for what a study is, only these count: anything else could be
  /// a name in the wrong field.
  private static func term(_ value: String, of attribute: AcquisitionTag) -> String? {
    guard ["Modality", "BodyPartExamined"].contains(attribute.keyword) else { return value }
    return StandardCode.shown(value, of: attribute.keyword) == value ? value : nil
  }

  private static func categoryColumn(_ values: [String?]) -> Column? {
    let filled = values.compactMap { $0 }
    guard Double(filled.count) >= minimumFill * Double(values.count) else { return nil }
    let counts = Dictionary(filled.map { ($0, 1) }, uniquingKeysWith: +)
    let least = max(3, values.count / 200)
    let categories = counts.filter { $0.value >= least }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(mostCategories).map(\.key)
    guard !categories.isEmpty, counts.count > 1 || filled.count < values.count else { return nil }
    return Column(keyword: "", index: 0, categories: categories)
  }

  /// 1 / √(total variance), but a nearly constant attribute isn't scaled up to the weight of the others.
  private static func scale(_ rows: [[Double]]) -> Double {
    let count = Double(rows.count)
    var variance = 0.0
    for index in rows[0].indices {
      let mean = rows.reduce(0) { $0 + $1[index] } / count
      variance += rows.reduce(0) { $0 + ($1[index] - mean) * ($1[index] - mean) } / count
    }
    return 1 / max(variance, 0.05).squareRoot()
  }

  static func signedLog(_ value: Double) -> Double? {
    value.isFinite ? (value < 0 ? -log1p(-value) : log1p(value)) : nil
  }
}

extension TagEncoder.Column {
  /// The group's numbers for one value, before scaling.
  func raw(_ value: String?) -> [Double] {
    if let center, let spread {
      guard let number = value.flatMap(Double.init).flatMap(TagEncoder.signedLog) else {
        return [0, 1]
      }
      return [min(max(-5, (number - center) / spread), 5), 0]
    }
    var row = [Double](repeating: 0, count: width)
    if let value {
      row[categories.firstIndex(of: value) ?? categories.count] = 1
    } else {
      row[categories.count + 1] = 1
    }
    return row
  }
}
