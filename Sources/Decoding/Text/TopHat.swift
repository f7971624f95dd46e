internal import CStrokes

extension GreyPlane {
  /// What is left of bright structures narrower than 7 pixels. Strokes of small letters keep their contrast with what
  /// is behind them; areas and shading become 0.
  var topHat: GreyPlane {
    let reach = Int(CSTROKES_WIDTH) - 1
    var opened = [UInt8](filling: (rows + 2 * reach) * (columns + 2 * reach)) { _ in true }
    return GreyPlane(
      rows: rows, columns: columns,
      levels: [UInt8](filling: rows * columns) { contrasts in
        cstrokes_top_hat(levels, rows, columns, &opened, contrasts.baseAddress)
        return true
      })
  }
}
