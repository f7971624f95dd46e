import Glibc

/// Strokes side by side, as the letters of a line are.
struct TextLine {
  private(set) var letters: [Stroke]
  /// All letters together.
  private(set) var box: Stroke

  init(_ letters: [Stroke]) {
    self.letters = letters
    box = letters[0]
    for letter in letters.dropFirst() { box.add(letter) }
  }

  /// Fewer strokes are no text: side markers of one letter stay.
  private static let fewest = 3

  /// Chains strokes of the size of letters to lines, from left to right.
  static func lines(of strokes: [Stroke]) -> [TextLine] {
    let letters = strokes.filter(\.isLetter).sorted { ($0.left, $0.top) < ($1.left, $1.top) }
    var bands = LetterBands(letters)
    return letters.indices.compactMap { first in
      guard bands.take(first) else { return nil }
      var line = [letters[first]]
      var height = line[0].height
      while let next = bands.next(after: line[line.count - 1], within: height * 3 / 2) {
        line.append(letters[next])
        height = max(height, letters[next].height)
      }
      return line.count < fewest ? nil : TextLine(line)
    }
  }

  /// How much this looks like text: a logistic model of its shape, fitted on drawn names and dates and on anatomy.
  /// Letters are many, level and evenly thick, of one contrast, dense, and have nothing right above or below.
  ///
  /// - Parameters:
  ///   - plane: the contrasts in which the strokes were found.
  ///   - level: the least contrast of the strokes.
  func score(in plane: GreyPlane, level: UInt8) -> Double {
    let count = Double(letters.count)
    let usual = Double(letters.map(\.height).sorted()[letters.count / 2])
    let (width, height) = (Double(box.width), Double(box.height))
    let fill = Double(box.area) / (width * height)
    let crossings = log(min(Double(box.runs) / height * usual / width, 2.5))
    let contrasts = letters.map { Double($0.meanContrast) }
    let contrast = contrasts.reduce(0, +) / count
    let unevenness = letters.reduce(0) { $0 + $1.unevenness } / count
    let thickness = Self.variation(letters.map { Double($0.area) / Double($0.runs) })
    return -14.71 + 2.89 * log(count) + 4.65 * log(width / height) + 2.09 * alignment
      - 15.45
      * (dirt(plane, [box.top - 1, box.top - 2], level)
        + dirt(plane, [box.bottom, box.bottom + 1], level))
      + 10.62 * fill - 9.97 * fill * fill + 6.05 * crossings - 4.88 * crossings * crossings
      + 0.66 * log(contrast) - 4.23 * thickness - 28.84 * unevenness
      + 14.51 * unevenness * log(contrast / Double(level)) - 7.95 * log(min(usual / height, 1))
  }

  /// Lines of at least this score count as text.
  static let threshold = 0.9

  /// The share of letters that end at the usual row, and of those that begin at theirs.
  private var alignment: Double {
    let tolerance = max(1, box.height / 8)
    func share(_ rows: [Int]) -> Double {
      let most = rows.reduce(0) { most, row in
        max(most, rows.count { abs($0 - row) <= tolerance })
      }
      return Double(most) / Double(rows.count)
    }
    return share(letters.map(\.bottom)) + share(letters.map(\.top))
  }

  /// The share of pixels of two rows, as wide as the line, that belong to strokes.
  private func dirt(_ plane: GreyPlane, _ rows: [Int], _ level: UInt8) -> Double {
    let lit = rows.filter { (0..<plane.rows).contains($0) }.reduce(0) { lit, row in
      lit
        + plane.levels[row * plane.columns + box.left..<row * plane.columns + box.right]
        .count { $0 >= level }
    }
    return Double(lit) / Double(2 * box.width)
  }

  /// Standard deviation over mean.
  private static func variation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return variance.squareRoot() / mean
  }
}

extension Stroke {
  var meanContrast: Int { contrast / area }

  /// Standard deviation of its contrast, over the mean.
  fileprivate var unevenness: Double {
    let mean = Double(contrast) / Double(area)
    return max(0, Double(squares) / Double(area) - mean * mean).squareRoot() / mean
  }

  fileprivate var isLetter: Bool {
    (5...24).contains(height) && width <= 6 * height && height <= 8 * width
  }
}
