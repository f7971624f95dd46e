import Core

/// Which vectors are clustered: one candidate for each source that takes part, and how they are fused.
struct Arrangement: Sendable, Hashable {
  var candidates: [Candidate]
  var fusion = Configuration.Fusion.embeddings
  /// By block.
  var weights: [Double] = Block.allCases.map { _ in 1 }

  var sources: [Block] { candidates.map(\.block) }
  var isLeaking: Bool { candidates.contains { $0.isLeaking } }

  var name: String {
    let parts = candidates.map { "\($0.block.name) \($0.name)" }.joined(separator: " + ")
    guard candidates.count > 1 else { return parts }
    let used = candidates.map { "\(Double(weights[$0.block.rawValue]).short)" }
    return "\(fusion.rawValue) \(used.joined(separator: ":")) of \(parts)"
  }

  /// The arrangement with another candidate for the same source.
  func with(_ candidate: Candidate) -> Arrangement {
    var changed = self
    changed.candidates = candidates.map { $0.block == candidate.block ? candidate : $0 }
    return changed
  }

  /// The arrangements in which one source weighs half or twice as much. The largest weight is 1, so that
  /// equal proportions are equal arrangements.
  var weightSteps: [Arrangement] {
    sources.flatMap { block in
      [0.5, 2].map { factor in
        var stepped = self
        stepped.weights[block.rawValue] *= factor
        let largest = stepped.sources.map { stepped.weights[$0.rawValue] }.max() ?? 1
        stepped.weights = stepped.weights.map { $0 / largest }
        return stepped
      }
    }
  }

  /// The arrangement as a configuration. Whether tags may name what is judged stays the site's decision.
  func applied(to features: Configuration.Features) -> Configuration.Features {
    var features = features
    features.fusion = fusion
    // A source that the archive lacks gets no weight.
    features.weights = Block.allCases.map { sources.contains($0) ? weights[$0.rawValue] : 0 }
    for candidate in candidates {
      switch candidate.method {
      case .image(let method, _, _):
        features.image = method
        features.imageComponents = candidate.components
      case .tags(let reduction, _):
        features.tags = reduction
        features.tagComponents = candidate.components
      case .text(let method, _):
        features.text = method
        features.textComponents = candidate.components
      }
    }
    return features
  }

  /// The arrangement without one source.
  func without(_ block: Block) -> Arrangement {
    var rest = self
    rest.candidates.removeAll { $0.block == block }
    return rest
  }
}

extension Double {
  /// Without needless zeros.
  var short: String { self == rounded() ? String(Int(self)) : String(self) }
}
