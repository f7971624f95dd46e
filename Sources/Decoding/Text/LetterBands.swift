/// Letters by the rows in which they are, for finding the next one of a line.
struct LetterBands {
  private let letters: [Stroke]
  /// Indices of letters, from left to right, by the band of rows that their middles are in.
  private var bands: [[Int]] = []
  private var isTaken: [Bool]
  /// Rows of a band.
  private static let height = 8

  /// - Parameter letters: from left to right.
  init(_ letters: [Stroke]) {
    self.letters = letters
    isTaken = [Bool](repeating: false, count: letters.count)
    for (index, letter) in letters.enumerated() {
      let band = letter.middle / Self.height
      while bands.count <= band { bands.append([]) }
      bands[band].append(index)
    }
  }

  /// - Returns: false if a line has the letter already.
  mutating func take(_ index: Int) -> Bool {
    defer { isTaken[index] = true }
    return !isTaken[index]
  }

  /// Takes the nearest letter to the right that is level with another one and like it.
  mutating func next(after last: Stroke, within reach: Int) -> Int? {
    var best: Int?
    let lowest = max(0, (last.middle - reach) / Self.height)
    let highest = min(bands.count - 1, (last.middle + reach) / Self.height)
    guard lowest <= highest else { return nil }
    for band in bands[lowest...highest] {
      var place = Self.first(of: band) { letters[$0].left > (last.left + last.right) / 2 }
      while place < band.count, letters[band[place]].left <= last.right + reach {
        let index = band[place]
        place += 1
        if let best, letters[best].left <= letters[index].left { break }
        if !isTaken[index], letters[index].continues(last) { best = index }
      }
    }
    if let best { isTaken[best] = true }
    return best
  }

  /// The first place from which on a condition holds.
  private static func first(of band: [Int], _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, band.count)
    while low < high {
      let half = (low + high) / 2
      if holds(band[half]) { high = half } else { low = half + 1 }
    }
    return low
  }
}

extension Stroke {
  fileprivate var middle: Int { (top + bottom) / 2 }

  /// Whether two letters overlap in height, and are alike in height and contrast.
  fileprivate func continues(_ other: Stroke) -> Bool {
    let overlap = min(bottom, other.bottom) - max(top, other.top)
    return 2 * overlap >= min(height, other.height)
      && 2 * height >= other.height && 2 * other.height >= height
      && 2 * meanContrast >= other.meanContrast && 2 * other.meanContrast >= meanContrast
  }
}
