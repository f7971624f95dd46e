import Core
import Foundation

/// How each modality shows materials: signal, noise, field of view.
struct Rendering {
  let side: Int
  var generator: SeededGenerator

  /// Hounsfield units.
  mutating func ct(_ materials: [UInt8], contrast: Bool) -> [Int] {
    let units = [-1000, -820, -95, 45, 8, 62, contrast ? 190 : 48, 650]
    return materials.map { units[Int($0)] + Int(9 * generator.gaussian()) }
  }

  enum Weighting: CaseIterable { case t1, t2, flair }

  mutating func mr(_ materials: [UInt8], _ weighting: Weighting) -> [Int] {
    let signals: [Double] =
      switch weighting {
      case .t1: [4, 20, 900, 420, 160, 520, 130, 90]
      case .t2: [4, 25, 700, 300, 1050, 430, 80, 70]
      case .flair: [4, 20, 520, 360, 90, 480, 100, 60]
      }
    // The coil is more sensitive on its own side.
    return materials.enumerated().map { index, material in
      let bias = 0.85 + 0.3 * Double(index / side) / Double(side)
      return max(0, Int(signals[Int(material)] * bias + 14 * generator.gaussian()))
    }
  }

  /// Attenuation of a projection, bright where dense.
  mutating func radiograph(_ materials: [UInt8], bits: Int) -> [Int] {
    let densities: [Double] = [0.04, 0.22, 0.36, 0.48, 0.48, 0.58, 0.66, 0.86]
    let top = Double(1 << bits) - 1
    let smooth = blurred(materials.map { densities[Int($0)] }, radius: max(1, side / 160))
    return smooth.map { Int(min(max(0, ($0 + 0.012 * generator.gaussian()) * top), top)) }
  }

  mutating func mammogram(_ materials: [UInt8]) -> [Int] {
    let densities: [Double] = [0.01, 0.1, 0.30, 0.60, 0.5, 0.52, 0.7, 0.98]
    let strands = texture(cells: side / 10)
    let smooth = blurred(materials.map { densities[Int($0)] }, radius: max(1, side / 60))
    return zip(smooth, strands).map { (tissue: Double, strand: Double) -> Int in
      let density = tissue * (0.75 + 0.5 * strand) + 0.01 * generator.gaussian()
      return Int(min(max(0, density), 1) * 4095)
    }
  }

  /// A fan with speckle; brightness 0…255.
  mutating func ultrasound(_ materials: [UInt8]) -> [UInt8] {
    let echoes: [Double] = [0.02, 0.05, 0.55, 0.40, 0.02, 0.48, 0.05, 0.95]
    return materials.enumerated().map { (index: Int, material: UInt8) -> UInt8 in
      let x = 2 * Double(index % side) / Double(side) - 1
      let y = Double(index / side) / Double(side) + 0.12
      let radius = (x * x + y * y).squareRoot()
      guard radius < 1.08, radius > 0.14, abs(x) < 0.9 * y else { return 0 }
      let speckle = -log(1 - 0.999 * generator.uniform())
      let depth = exp(-0.9 * radius)
      let echo = echoes[Int(material)] * depth * (0.35 + 0.65 * speckle)
      return UInt8(min(255, 330 * echo + 6))
    }
  }

  /// Contrast medium in a vessel tree over a projection; `phase` 0…1 is how far it has flowed.
  mutating func angiogram(_ materials: [UInt8], phase: Double, tree: SeededGenerator) -> [Int] {
    var pixels = radiograph(materials, bits: 10).map { Double($0) * 0.6 + 300 }
    var tree = tree
    branch(&pixels, x: 0.5, y: 0.02, angle: 1.5, width: 0.022, length: phase * 1.6, &tree)
    return pixels.map { Int(min(max(0, $0), 1023)) }
  }

  /// Counts of a gamma camera, a coarse blurred grid.
  mutating func scintigram(_ materials: [UInt8]) -> [Int] {
    let uptake: [Double] = [0.3, 1, 2, 4, 3, 26, 10, 42]
    let smooth = blurred(materials.map { uptake[Int($0)] }, radius: max(1, side / 28))
    return smooth.map { max(0, Int($0 + $0.squareRoot() * generator.gaussian())) }
  }

  private mutating func branch(
    _ pixels: inout [Double], x: Double, y: Double, angle: Double, width: Double, length: Double,
    _ tree: inout SeededGenerator
  ) {
    guard length > 0, width > 0.002 else { return }
    var (x, y, angle) = (x, y, angle)
    let steps = Int(min(length, 0.3 + 0.1 * tree.uniform()) * Double(side))
    for _ in 0..<steps {
      x += cos(angle) / Double(side)
      y += sin(angle) / Double(side)
      angle += 0.015 * tree.gaussian()
      let reach = Int(width * Double(side))
      let (column, row) = (Int(x * Double(side)), Int(y * Double(side)))
      for dy in -reach...reach {
        for dx in -reach...reach where dx * dx + dy * dy <= reach * reach {
          let (r, c) = (row + dy, column + dx)
          if (0..<side).contains(r) && (0..<side).contains(c) { pixels[r * side + c] = 90 }
        }
      }
    }
    for turn in [-0.5, 0.45] {
      branch(
        &pixels, x: x, y: y, angle: angle + turn + 0.1 * tree.gaussian(), width: width * 0.72,
        length: length - 0.35, &tree)
    }
  }

  /// A smooth random field, 0…1.
  private mutating func texture(cells: Int) -> [Double] {
    let noise = (0..<side * side).map { _ in generator.uniform() }
    let smooth = blurred(noise, radius: max(1, side / max(1, cells)))
    let low = smooth.min() ?? 0
    let range = max(1e-9, (smooth.max() ?? 1) - low)
    return smooth.map { ($0 - low) / range }
  }

  /// A box blur along rows, then along columns.
  private func blurred(_ values: [Double], radius: Int) -> [Double] {
    var result = values
    for (stride, line) in [(1, side), (side, 1)] {
      let source = result
      for start in 0..<side {
        var sum = 0.0
        func at(_ index: Int) -> Double {
          source[start * line + min(max(0, index), side - 1) * stride]
        }
        for index in -radius...radius { sum += at(index) }
        for index in 0..<side {
          result[start * line + index * stride] = sum / Double(2 * radius + 1)
          sum += at(index + radius + 1) - at(index - radius)
        }
      }
    }
    return result
  }
}
