/// Splits what lies between two keys.
enum KeyRanges {
  /// Of hexadecimal keys and of UIDs, rising. Others count as the one before them, which makes ranges less even.
  private static let alphabet = Array(".0123456789abcdef".utf8)
  /// What is looked at behind the part that all keys have in common.
  private static let digits = 12

  /// Ranges, one after the other, from the first key until after the last: at most so many, of about as many keys each
  /// where keys are spread evenly, as those under a site key are.
  static func even(from first: String, through last: String, _ count: Int) -> [Range<String>] {
    let common = zip(first.utf8, last.utf8).prefix { $0 == $1 }.count
    let low = number(first.utf8.dropFirst(common))
    let step = (number(last.utf8.dropFirst(common)) - low) / max(1, count)
    let start = String(decoding: first.utf8.prefix(common), as: UTF8.self)
    let inner = step > 0 ? (1..<count).map { start + key(low + step * $0) } : []
    let bounds = [first] + inner.filter { first < $0 && $0 < last } + [last + "!"]
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }

  private static func number(_ key: some Sequence<UInt8>) -> Int {
    let key = Array(key.prefix(digits))
    return (0..<digits).reduce(0) { number, place in
      let digit = place < key.count ? alphabet.lastIndex { $0 <= key[place] } ?? 0 : 0
      return number * alphabet.count + digit
    }
  }

  private static func key(_ number: Int) -> String {
    var (key, rest) = ([UInt8](), number)
    for _ in 0..<digits {
      key.append(alphabet[rest % alphabet.count])
      rest /= alphabet.count
    }
    return String(decoding: key.reversed(), as: UTF8.self)
  }
}
