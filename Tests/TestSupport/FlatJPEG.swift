/// A baseline JPEG stream (ITU-T T.81) of flat blocks, for variants that no encoder writes.
package struct FlatJPEG {
  package enum Marker: Sendable, CaseIterable { case none, jfif, adobeRGB, adobeYCC }

  package var marker = Marker.none
  /// Identifiers of the components.
  package var identifiers: [UInt8] = [1, 2, 3]
  package var columns: Int
  package var rows: Int

  package init(columns: Int = 64, rows: Int = 64) {
    self.columns = columns
    self.rows = rows
  }

  /// - Parameter blocks: the components' values of each block of 8 × 8 pixels, row by row.
  package func stream(_ blocks: [[UInt8]]) -> [UInt8] {
    let count = blocks[0].count
    var bytes: [UInt8] = [0xff, 0xd8]
    func append(_ marker: UInt8, _ content: [UInt8]) {
      let length = content.count + 2
      bytes += [0xff, marker, UInt8(length >> 8), UInt8(length & 255)] + content
    }
    switch marker {
    case .none: break
    case .jfif: append(0xe0, Array("JFIF".utf8) + [0, 1, 1, 0, 0, 1, 0, 1, 0, 0])
    case .adobeRGB, .adobeYCC:
      append(0xee, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, marker == .adobeRGB ? 0 : 1])
    }
    // The first coefficient of a flat block is eight times its value.
    append(0xdb, [0, 8] + [UInt8](repeating: 1, count: 63))
    let size = [rows >> 8, rows & 255, columns >> 8, columns & 255].map { UInt8($0) }
    append(
      0xc0,
      [8] + size + [UInt8(count)] + identifiers.prefix(count).flatMap { [$0, 0x11, 0] })
    append(0xc4, [0, 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0] + (0...11).map { UInt8($0) })
    // Only the end-of-block code.
    append(0xc4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])
    append(
      0xda, [UInt8(count)] + identifiers.prefix(count).flatMap { [$0, 0] } + [0, 63, 0])
    bytes += scan(blocks)
    return bytes + [0xff, 0xd9]
  }

  private func scan(_ blocks: [[UInt8]]) -> [UInt8] {
    var bits: [Bool] = []
    func append(_ value: Int, _ length: Int) {
      for place in (0..<length).reversed() { bits.append(value >> place & 1 == 1) }
    }
    var before = [Int](repeating: 0, count: blocks[0].count)
    for block in blocks {
      for (component, value) in block.enumerated() {
        let difference = Int(value) - 128 - before[component]
        before[component] = Int(value) - 128
        let category = Int.bitWidth - abs(difference).leadingZeroBitCount
        switch category {
        case 0: append(0, 2)
        case 1...5: append(category + 1, 3)
        default: append((1 << (category - 2)) - 2, category - 2)
        }
        append(difference < 0 ? difference + (1 << category) - 1 : difference, category)
        append(0, 1)
      }
    }
    bits += [Bool](repeating: true, count: (8 - bits.count % 8) % 8)
    return stride(from: 0, to: bits.count, by: 8).flatMap { start -> [UInt8] in
      let byte = bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
      return byte == 0xff ? [0xff, 0] : [byte]
    }
  }
}
