import Core
import Foundation
import TestSupport
import Testing

@testable import Features

@Suite struct SemanticTests {
  private static func training(steps: Int, checkpoint: String? = nil) -> SemanticTraining {
    var training = SemanticTraining(seed: 3)
    training.side = 32
    training.width = 4
    training.threads = 1
    training.steps = steps
    training.batch = 32
    training.checkpoint = checkpoint
    return training
  }

  /// Pictures of one of four shapes, in any place; the reports name the shape and whether it is large, the tags how
  /// bright it is.
  private static func studies(_ count: Int) -> [SemanticStudy] {
    var generator = SeededGenerator(seed: 4)
    return (0..<count).map { index in
      let shape = index % 4
      let radius = 4 + 6 * generator.uniform()
      let light = 0.4 + 0.5 * generator.uniform()
      let images = (0..<2).map { _ -> [Float] in
        let x = 10 + 12 * generator.uniform()
        let y = 10 + 12 * generator.uniform()
        return (0..<32 * 32).map { pixel in
          let dx = abs(Double(pixel % 32) - x)
          let dy = abs(Double(pixel / 32) - y)
          let inside =
            switch shape {
            case 0: max(dx, dy) < radius
            case 1: dx < radius && dy < 2
            case 2: dy < radius && dx < 2
            default: max(dx, dy) < radius && max(dx, dy) > radius - 2
            }
          return Float((inside ? light : 0.1) + 0.05 * generator.uniform())
        }
      }
      var text = [Float](repeating: 0, count: 5)
      text[shape] = 0.8
      text[4] = 0.6
      return SemanticStudy(
        images: images, terms: radius > 7 ? [shape, 9] : [shape], text: text,
        tags: [Float(light), Float(-light), 1])
    }
  }

  @Test func `our own convolutions give libtorch's features`() throws {
    var studies = Self.studies(40)
    for (side, width) in [(32, 4), (64, 16), (96, 8)] {
      var generator = SeededGenerator(seed: 2)
      for index in studies.indices {
        studies[index].images = [(0..<side * side).map { _ in Float(generator.uniform()) }]
      }
      let targets = SemanticTargets(studies)
      let network = try SemanticNetwork(targets, side: side, width: width, seed: 1, threads: 1)
      for step in 0..<3 {
        _ = try network.step(
          studies.flatMap { $0.images[0] }, targets.rows(studies), rate: 1e-2, seed: UInt64(step))
      }
      let frozen = ResidualNetwork(
        side: side, width: width, trained: network.state, heldOut: SemanticLosses(), steps: 3)
      for picture in studies.prefix(4).map({ $0.images[0] }) {
        let mirrored = (0..<side * side).map { picture[$0 / side * side + side - 1 - $0 % side] }
        let both = try network.features(picture + mirrored)
        let expected = zip(both.prefix(8 * width), both.suffix(8 * width)).map { ($0 + $1) / 2 }
        let ours = frozen.features(picture)
        let length = expected.map { $0 * $0 }.reduce(0, +).squareRoot()
        let error = zip(ours, expected).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        #expect(length > 0.01)
        #expect(error < 1e-5 * length, "side \(side): \(error / length)")
      }
    }
  }
}
