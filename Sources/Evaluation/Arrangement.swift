import Core
import Foundation

/// The vectors to cluster: one candidate per participating source, and how they are fused.
struct Arrangement: Sendable, Hashable {
  var candidates: [Candidate]
  var fusion: Configuration.Fusion
  /// By block.
  var weights: [Double]

  init(
    candidates: [Candidate], fusion: Configuration.Fusion = .embeddings,
    weights: [Double] = Block.allCases.map { _ in 1 }
  ) {
    self.candidates = candidates
    self.fusion = fusion
    self.weights = weights
  }

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

  /// The configured arrangement, made of `candidates`; `nil` if one is not among them.
  init?(_ features: Configuration.Features, of candidates: [Candidate]) {
    let wanted = candidates.filter { candidate in
      switch candidate.method {
      case .image(let method, _, _, _):
        method == features.image.atFirst && candidate.components == features.imageComponents
      case .tags(let reduction, _):
        reduction == features.tags && candidate.components == features.tagComponents
      case .text(let method, _):
        method == features.text && candidate.components == features.textComponents
      }
    }
    guard wanted.map(\.block) == Block.allCases else { return nil }
    self.init(candidates: wanted, fusion: features.fusion, weights: features.weights)
  }

  /// The arrangement as a configuration. Whether tags may name what is judged remains the site's decision.
  func applied(to features: Configuration.Features) -> Configuration.Features {
    var features = features
    features.fusion = fusion
    // A source that the archive lacks gets no weight.
    features.weights = Block.allCases.map { sources.contains($0) ? weights[$0.rawValue] : 0 }
    for candidate in candidates {
      switch candidate.method {
      case .image(let method, _, _, _):
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
  /// Three significant digits, without trailing zeros.
  var short: String { String(format: "%.3g", self) }
}
