/// What one study shows a semantic training.
public struct SemanticStudy: Sendable {
  /// At least one, side × side, 0…1.
  public var images: [[Float]]
  /// Numbers of the report's terms, `nil` without a report.
  public var terms: Set<Int>?
  /// The report's vector of length 1, `nil` without a report.
  public var text: [Float]?
  /// The tags' vector.
  public var tags: [Float]?

  public init(images: [[Float]], terms: Set<Int>?, text: [Float]?, tags: [Float]?) {
    self.images = images
    self.terms = terms
    self.text = text
    self.tags = tags
  }
}

/// How far a network is from what it has to predict, weighted as in training.
public struct SemanticLosses: Sendable, Codable, Equatable {
  /// One minus the cosine with the report's vector.
  public var text = 0.0
  /// Cross-entropy of the report's terms.
  public var terms = 0.0
  /// Distance from the tags' vector.
  public var tags = 0.0
  /// How badly pictures of one study are told from others.
  public var contrast = 0.0

  public var total: Double { text + terms + tags + contrast }
}
