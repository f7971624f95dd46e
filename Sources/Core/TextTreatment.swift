/// What is done with a frame in which burned-in text is found.
package enum TextTreatment: String, Sendable, CaseIterable {
  /// The frame is neither shown nor exported.
  case withhold
  /// The text and what is near it are filled with black.
  case mask
  /// Nothing: frames are not examined.
  case keep
}
