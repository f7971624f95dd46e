internal import CStemmer
import Foundation

/// A Snowball stemmer. One instance serves one thread at a time.
final class Stemmer {
  private let handle: OpaquePointer?

  /// - Parameter language: a name that libstemmer knows, or `none`.
  /// - Returns: `nil` for an unknown language.
  init?(language: String) {
    guard language != "none" else {
      handle = nil
      return
    }
    guard let handle = sb_stemmer_new(language, "UTF_8") else { return nil }
    self.handle = handle
  }

  deinit { sb_stemmer_delete(handle) }

  static var languages: [String] {
    guard var name = sb_stemmer_list() else { return [] }
    var names: [String] = []
    while let text = name.pointee {
      names.append(String(cString: text))
      name += 1
    }
    return names
  }

  /// The stem of a lower-case word.
  func stem(_ word: String) -> String {
    guard let handle else { return word }
    let bytes = Array(word.utf8)
    guard let stemmed = sb_stemmer_stem(handle, bytes, Int32(bytes.count)) else { return word }
    let length = Int(sb_stemmer_length(handle))
    return String(decoding: UnsafeBufferPointer(start: stemmed, count: length), as: UTF8.self)
  }
}
