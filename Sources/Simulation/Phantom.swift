import Core
import Foundation

/// A body part as an image: the material at each pixel, varied from patient to patient.
struct Phantom {
  private struct Placed {
    var shape: Shape
    var cosine: Double
    var sine: Double
  }

  private let shapes: [Placed]

  /// - Parameters:
  ///   - level: −1…1, how far from the middle of the body part the section lies.
  ///   - patient: the same generator state gives the same patient.
  init(_ shapes: [Shape], level: Double, patient: SeededGenerator) {
    var generator = patient
    let size = 1 + 0.06 * generator.gaussian()
    let shrink = size * (1 - 0.25 * level * level)
    let shift = (x: 0.03 * generator.gaussian(), y: 0.03 * generator.gaussian())
    let tilt = 0.04 * generator.gaussian()
    self.shapes = shapes.map { shape in
      var moved = shape
      moved.x = shape.x * shrink + shift.x + 0.012 * generator.gaussian()
      moved.y = shape.y * shrink + shift.y + 0.012 * generator.gaussian()
      moved.width *= shrink * (1 + 0.06 * generator.gaussian())
      moved.height *= shrink * (1 + 0.06 * generator.gaussian())
      moved.turn += tilt
      return Placed(shape: moved, cosine: cos(moved.turn), sine: sin(moved.turn))
    }
  }

  /// - Returns: `side` × `side` materials as raw values, row-major.
  func materials(side: Int) -> [UInt8] {
    var pixels = [UInt8](repeating: UInt8(Material.air.rawValue), count: side * side)
    let step = 2 / Double(side)
    for placed in shapes {
      let shape = placed.shape
      let reach = max(abs(shape.width), abs(shape.height)) * 1.45
      let rows = Self.range(shape.y, reach, side)
      let columns = Self.range(shape.x, reach, side)
      for row in rows {
        let dy = (Double(row) + 0.5) * step - 1 - shape.y
        for column in columns {
          let dx = (Double(column) + 0.5) * step - 1 - shape.x
          let u = abs((dx * placed.cosine + dy * placed.sine) / shape.width)
          let v = abs((dy * placed.cosine - dx * placed.sine) / shape.height)
          let inside = shape.box ? u * u * u * u * u * u + v * v * v * v * v * v : u * u + v * v
          if inside <= 1 { pixels[row * side + column] = UInt8(shape.material.rawValue) }
        }
      }
    }
    return pixels
  }

  private static func range(_ center: Double, _ reach: Double, _ side: Int) -> Range<Int> {
    let scale = Double(side) / 2
    let low = Int(((center - reach + 1) * scale).rounded(.down))
    let high = Int(((center + reach + 1) * scale).rounded(.up))
    return min(max(0, low), side)..<min(max(0, high), side)
  }
}
