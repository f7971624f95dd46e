/// The training data of one study for a semantic network.
package struct SemanticStudy: Sendable {
  /// At least one, side × side, 0…1.
  package var images: [[Float]]
  /// Term numbers of the report, `nil` without a report.
  package var terms: Set<Int>?
  /// The report's vector of length 1, `nil` without a report.
  package var text: [Float]?
  /// The tags' vector.
  package var tags: [Float]?

  package init(images: [[Float]], terms: Set<Int>?, text: [Float]?, tags: [Float]?) {
    self.images = images
    self.terms = terms
    self.text = text
    self.tags = tags
  }
}

/// A network's losses, weighted as in training.
package struct SemanticLosses: Sendable, Codable, Equatable {
  /// One minus the cosine with the report's vector.
  package var text = 0.0
  /// Cross-entropy of the report's terms.
  package var terms = 0.0
  /// Distance from the tags' vector.
  package var tags = 0.0
  /// Contrastive loss between pictures of one study and others.
  package var contrast = 0.0

  package var total: Double { text + terms + tags + contrast }
}
