import Core
import Store

/// A uniform random sample of the units, with their vectors.
struct MapSample: Sendable {
  struct Unit: Sendable {
    var key: String
    var cluster: Int
    var modality: String
    var bodyPart: String
  }

  private(set) var units: [Unit] = []
  /// `units.count` × `columns`, row-major.
  private var values: [Float] = []
  private var columns = 0
  private var seen = 0
  private var generator: SeededGenerator
  private let size: Int

  init(atMost size: Int, seed: UInt64) {
    self.size = size
    generator = SeededGenerator(seed: seed)
  }

  var vectors: Matrix<Float> { Matrix(rows: units.count, columns: columns, values: values) }

  mutating func add(_ record: UnitRecord) {
    let unit = Unit(
      key: record.unitKey, cluster: record.cluster, modality: record.modality ?? Mix.unknown,
      bodyPart: record.bodyPart ?? Mix.unknown)
    seen += 1
    if units.count < size {
      units.append(unit)
      values += record.embedding.values
      columns = record.embedding.values.count
      return
    }
    let place = Int(generator.next() % UInt64(seen))
    guard place < size else { return }
    units[place] = unit
    values.replaceSubrange(place * columns..<(place + 1) * columns, with: record.embedding.values)
  }
}
