import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

/// JPEG 2000 is decoded at the target resolution.
@Suite struct ResolutionTests {
  @Test(.enabled(if: Corpus.teaching != nil))
  func `reduced images match whole ones that are averaged down`() throws {
    let corpus = try #require(Corpus.teaching)
    let names = try #require(FileManager.default.subpaths(atPath: corpus)).sorted()
    var differences: [Double] = []
    for name in names where differences.count < 60 {
      let path = corpus + "/" + name
      guard let decoded = try? InstanceDecoder.decode(path, .init(side: 128, frames: 1)),
        decoded.instance.decodePath == "jpeg2000", let image = decoded.images.first
      else { continue }
      let whole = try RenderedFrame(path: path, index: 0)
      let averaged = GreyImage(
        padding: .levels(whole.pixels), rows: whole.rows, columns: whole.columns, side: 128)
      let sum = zip(image.pixels, averaged.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      differences.append(Double(sum) / Double(image.pixels.count))
    }
    #expect(differences.count == 60)
    #expect(differences.contains { $0 > 0 }, "none was reduced")
    // In grey levels of 255. Without correcting the filters' shift it would be twice as much.
    let mean = differences.reduce(0, +) / Double(differences.count)
    #expect(mean < 3, "\(mean)")
  }

  /// Whole boxes and others, wide and high, with margins of whole and half pixels, larger and smaller than the target.
  @Test(arguments: [
    (64, 64), (64, 48), (48, 64), (63, 64), (64, 61), (96, 32), (31, 160), (100, 70), (16, 16),
    (9, 5),
  ])
  func `areas are averaged`(_ rows: Int, _ columns: Int) {
    let side = 16
    var generator = SeededGenerator(seed: 7)
    let pixels = (0..<rows * columns).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let image = GreyImage(padding: .levels(pixels), rows: rows, columns: columns, side: side)
    let square = Double(max(rows, columns))
    func overlap(_ target: Int, _ source: Int, _ length: Int) -> Double {
      let scale = square / Double(side)
      let start = Double(source) + (square - Double(length)) / 2
      return max(0, min(Double(target + 1) * scale, start + 1) - max(Double(target) * scale, start))
    }
    for target in 0..<side * side {
      var sum = 0.0
      for row in 0..<rows {
        let height = overlap(target / side, row, rows)
        guard height > 0 else { continue }
        for column in 0..<columns {
          sum +=
            height * overlap(target % side, column, columns)
            * Double(pixels[row * columns + column])
        }
      }
      let mean = sum * Double(side * side) / (square * square)
      #expect(abs(Double(image.pixels[target]) - mean) < 0.501)
    }
  }

  @Test func `averaging corrects a shift`() {
    // A ramp whose pixel i is the value at i − 0.25.
    let ramp = (0..<64).flatMap { _ in (0..<64).map { UInt8(40 + 2 * $0) } }
    let image = GreyImage(padding: .levels(ramp), rows: 64, columns: 64, side: 16, shift: 0.25)
    let plain = GreyImage(padding: .levels(ramp), rows: 64, columns: 64, side: 16)
    for column in 0..<15 {
      let moved = Int(image.pixels[16 * 8 + column]) - Int(plain.pixels[16 * 8 + column])
      #expect((0...1).contains(moved))
    }
    #expect(image.pixels[16 * 8 + 15] >= plain.pixels[16 * 8 + 15])
  }
}
