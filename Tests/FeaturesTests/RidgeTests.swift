import Core
import Testing

@testable import Features

@Suite struct RidgeTests {
  /// Outputs that depend only on the first input, plus noise.
  private static func problem(noise: Double) -> (Matrix<Double>, Matrix<Double>) {
    var generator = SeededGenerator(seed: 3)
    let rows = 200
    let inputs = (0..<rows * 4).map { _ in generator.gaussian() }
    let outputs = (0..<rows).flatMap { row in
      [2 * inputs[row * 4], -inputs[row * 4]].map { $0 + noise * generator.gaussian() }
    }
    return (
      Matrix(rows: rows, columns: 4, values: inputs),
      Matrix(rows: rows, columns: 2, values: outputs)
    )
  }

  @Test func `coefficients are recovered`() {
    let (inputs, outputs) = Self.problem(noise: 0.01)
    let ridge = RidgeRegression(inputs, outputs, groups: Array(0..<200))
    #expect(ridge.heldOutShare > 0.97)
    for (row, expected) in [[2.0, -1], [0, 0], [0, 0], [0, 0]].enumerated() {
      for (column, value) in expected.enumerated() {
        #expect(abs(ridge.coefficients[row, column] - value) < 0.25)
      }
    }
  }

  @Test func `no variance is explained of unpredictable outputs`() {
    var generator = SeededGenerator(seed: 4)
    let (inputs, _) = Self.problem(noise: 0)
    let noise = Matrix<Double>(
      rows: 200, columns: 2, values: (0..<400).map { _ in generator.gaussian() })
    let ridge = RidgeRegression(inputs, noise, groups: Array(0..<200))
    #expect(ridge.heldOutShare < 0.05)
  }
}
