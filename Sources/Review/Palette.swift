import Core

/// Colours for the values of one tag; a value has the same colour on every page.
struct Palette {
  private let numbers: [String: Int]
  private let values: [String]
  private let hasMore: Bool

  init(_ mix: Mix) {
    values = mix.shares.prefix(Style.hues).map(\.value)
    hasMore = mix.shares.count > values.count
    numbers = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
  }

  /// Colour number from 0; `Style.hues` for values without a colour of their own.
  func number(_ value: String) -> Int { numbers[value] ?? Style.hues }

  /// HTML: a bar of the shares, and the largest of them as text.
  func bar(_ mix: Mix, words: Int) -> String {
    let parts = mix.shares.prefix(Style.hues).map { share in
      let width = 100 * Double(share.count) / Double(max(1, mix.total))
      return "<i class=\"b\(number(share.value))\" style=\"width:\(width.pixels)%\"></i>"
    }.joined()
    let text = mix.shares.prefix(words).map {
      "\($0.value.escaped) \(Figure.percent($0.count, of: mix.total))"
    }.joined(separator: ", ")
    return "<span class=\"bar\" aria-hidden=\"true\">\(parts)</span>\(text)"
  }

  /// The values by colour number.
  var names: [String] { values + (hasMore ? ["other"] : []) }

  var legend: String {
    let items = names.enumerated().map {
      "<li><i class=\"b\($0)\"></i>\($1.escaped)</li>"
    }.joined()
    return "<ul class=\"legend\">\(items)</ul>"
  }
}
