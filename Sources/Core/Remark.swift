import Foundation

/// Who decided something in a review, and why; both may be unknown.
package struct Remark: Sendable, Equatable {
  package let reviewer: String?
  package let comment: String?

  package static let longestReviewer = 60
  package static let longestComment = 500
  package static let rule =
    "a reviewer's name has up to \(longestReviewer) characters, a comment up to \(longestComment), in one printable line"

  package static let none = Remark(known: nil, nil)

  /// Empty texts are none.
  ///
  /// - Returns: `nil` for texts that break the `rule`.
  package init?(reviewer: String?, comment: String?) {
    let texts = [reviewer, comment].map { $0?.trimmingCharacters(in: .whitespaces) ?? "" }
    for (text, longest) in zip(texts, [Self.longestReviewer, Self.longestComment]) {
      guard text.unicodeScalars.count <= longest,
        !text.unicodeScalars.contains(where: { $0.isUnprintable || $0 == "\u{fffd}" })
      else { return nil }
    }
    self.init(known: texts[0].isEmpty ? nil : texts[0], texts[1].isEmpty ? nil : texts[1])
  }

  private init(known reviewer: String?, _ comment: String?) {
    self.reviewer = reviewer
    self.comment = comment
  }
}
