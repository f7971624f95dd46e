import CBLAS
import Core
import Foundation
import TestSupport
import Testing

@testable import Features

@Suite struct AutoencoderTests {
  private static let side = 32

  /// Soft discs at random positions and sizes: few causes, but no low-dimensional linear subspace.
  private static func discs(_ count: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: 4)
    var values: [Float] = []
    for _ in 0..<count {
      let x = 6 + 20 * generator.uniform()
      let y = 6 + 20 * generator.uniform()
      let radius = 3 + 5 * generator.uniform()
      for row in 0..<side {
        for column in 0..<side {
          let dx = Double(column) - x
          let dy = Double(row) - y
          values.append(Float(1 / (1 + exp((dx * dx + dy * dy).squareRoot() - radius))))
        }
      }
    }
    return Matrix(rows: count, columns: side * side, values: values)
  }

  private static func training(epochs: Int, checkpoint: String? = nil) -> AutoencoderTraining {
    AutoencoderTraining(
      shape: .image(side: side), bottleneck: 8, seed: 3, threads: 1, epochs: epochs,
      checkpoint: checkpoint)
  }

  @Test func `on unseen images it loses less than PCA of the same size`() throws {
    let all = Self.discs(480)
    let groups = Array(0..<480)
    let model = try Self.training(epochs: 40).fit(all, groups: groups)
    func rows(_ chosen: [Int]) -> Matrix<Float> {
      Matrix(
        rows: chosen.count, columns: all.columns, values: chosen.flatMap { Array(all.row($0)) })
    }
    let heldOut = groups.filter { AutoencoderTraining.isHeldOut(group: $0, of: 480) }
    let trained = groups.filter { !AutoencoderTraining.isHeldOut(group: $0, of: 480) }
    let linear = PCA(fitting: rows(trained), components: 8).reconstructionError(rows(heldOut))
    let error = try model.error(rows(heldOut), threads: 1)
    #expect(abs(error - model.heldOutError) <= 1e-5 * error)
    #expect(error < linear, "\(error) against \(linear)")
  }

  @Test func `a frozen encoder gives the same vector to the last bit in any thread`() async throws {
    let rows = Self.discs(40)
    let model = try Self.training(epochs: 2).fit(rows, groups: Array(0..<40))
    let read = try JSONDecoder().decode(Autoencoder.self, from: JSONEncoder().encode(model))
    #expect(read == model)
    let vectors = try (0..<40).map { try model.encode(Array(rows.row($0))) }
    #expect(Set(vectors).count == 40)
    try await withThrowingTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<4 {
        group.addTask {
          try (0..<40).reversed().map { try read.encode(Array(rows.row($0))) }.reversed()
        }
      }
      for try await result in group { #expect(result == vectors) }
    }
  }

  /// With more, its sums would depend on how work is split, and a concurrent clustering would change the vectors.
  @Test func `BLAS uses one thread`() {
    #expect(openblas_get_num_threads() == 1)
  }

  @Test func `an interrupted training resumes to exactly the same model`() throws {
    let folder = try TemporaryFolder()
    let rows = Self.discs(64)
    let path = folder.path + "/c"
    let whole = try Self.training(epochs: 6).fit(rows, groups: Array(0..<64))
    var asked = 0
    #expect(throws: CancellationError.self) {
      try Self.training(epochs: 6, checkpoint: path).fit(rows, groups: Array(0..<64)) {
        asked += 1
        return asked == 4
      }
    }
    var messages: [String] = []
    var training = Self.training(epochs: 6, checkpoint: path)
    training.progress = { messages.append($0) }
    let resumed = try training.fit(rows, groups: Array(0..<64))
    #expect(messages.first == "resuming after epoch 3")
    #expect(resumed == whole)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(arguments: ["", "{}", "not json"])
  func `an unrelated checkpoint is not resumed`(_ content: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("c", content)
    let rows = Self.discs(20)
    let training = Self.training(epochs: 1, checkpoint: path)
    #expect(try training.fit(rows, groups: Array(0..<20)).epochs == 1)
  }

  @Test func `whole studies are held out`() {
    let held = (0..<160).filter { AutoencoderTraining.isHeldOut(group: $0, of: 160) }
    #expect(held.count == 20)
    #expect(!(0..<10).contains { AutoencoderTraining.isHeldOut(group: $0, of: 10) })
  }
}
