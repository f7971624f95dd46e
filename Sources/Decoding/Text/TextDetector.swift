import Core

/// A part of a frame that holds text.
package struct TextBox: Sendable, Equatable {
  package var rows: Range<Int>
  package var columns: Range<Int>
}

/// Finds text that was burned into a frame: lines of at least three letters, 8 to 64 pixels high, bright or dark.
///
/// Strokes are what an opening takes away. They are grouped at several contrasts and sizes, chained to lines, and lines
/// are judged by their shape. No letter is recognised, so it works in any script that has letters side by side.
package enum TextDetector {
  /// Contrasts at which strokes are separated, the most frequent of text first.
  private static let levels: [UInt8] = [100, 160, 60, 35, 20]
  /// How much less a line may score beside a line that is text, and still be a part of it.
  private static let slack = 4.0
  /// Frames with fewer rows or columns have room for no line.
  private static let leastSide = 12

  /// Whether there is text.
  package static func hasText(_ levels: [UInt8], rows: Int, columns: Int) -> Bool {
    search(GreyPlane(rows: rows, columns: columns, levels: levels)) { _, score, _ in
      score < TextLine.threshold
    }
  }

  /// Where text is, with a margin for what was missed of it.
  package static func boxes(_ levels: [UInt8], rows: Int, columns: Int) -> [TextBox] {
    var lines: [(box: TextBox, score: Double)] = []
    _ = search(GreyPlane(rows: rows, columns: columns, levels: levels)) { line, score, scale in
      if score >= TextLine.threshold - slack {
        lines.append((TextBox(around: line, scale: scale, rows: rows, columns: columns), score))
      }
      return true
    }
    let text = lines.filter { $0.score >= TextLine.threshold }.map(\.box)
    return text
      + lines.filter { line in
        line.score < TextLine.threshold && text.contains { $0.rows.overlaps(line.box.rows) }
      }.map(\.box)
  }

  /// Calls `body` with each candidate, its score and its scale, until it returns false.
  ///
  /// - Returns: whether it did.
  private static func search(
    _ frame: GreyPlane, _ body: (TextLine, _ score: Double, _ scale: Int) -> Bool
  ) -> Bool {
    var plane = frame
    for scale in [1, 2, 4] {
      guard min(plane.rows, plane.columns) >= leastSide else { return false }
      for contrasts in [plane.topHat, plane.inverted.topHat] {
        for level in levels {
          // More runs than text could have are noise, in which no text of this contrast can be read.
          for line in TextLine.lines(of: contrasts.strokes(from: level) ?? []) {
            guard body(line, line.score(in: contrasts, level: level), scale) else { return true }
          }
        }
      }
      if scale < 4 { plane = plane.halved }
    }
    return false
  }
}

extension TextBox {
  fileprivate init(around line: TextLine, scale: Int, rows: Int, columns: Int) {
    let box = line.box
    let (vertical, horizontal) = (box.height / 2 + 2, 2 * box.height + 2)
    self.init(
      rows: max(0, scale * (box.top - vertical))..<min(rows, scale * (box.bottom + vertical)),
      columns: max(
        0, scale * (box.left - horizontal))..<min(columns, scale * (box.right + horizontal)))
  }
}
