/// A dense row-major matrix.
public struct Matrix<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  public let rows: Int
  public let columns: Int
  public var values: [Scalar]

  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, values: [Scalar](repeating: 0, count: rows * columns))
  }

  public init(rows: Int, columns: Int, values: [Scalar]) {
    precondition(values.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  public subscript(row: Int, column: Int) -> Scalar {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  public func row(_ index: Int) -> ArraySlice<Scalar> {
    values[index * columns..<(index + 1) * columns]
  }
}
