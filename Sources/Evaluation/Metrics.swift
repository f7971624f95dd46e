import Clustering

/// The quality of one clustering of some units.
struct Metrics: Codable, Sendable {
  var modalityHomogeneity: Double
  var regionHomogeneity: Double
  var modalityInformation: Double
  var regionInformation: Double
  var modalityNMI: Double
  var regionNMI: Double
  /// Adjusted for chance: 0 is what clusters of these sizes reach at random.
  var modalityAMI: Double
  var regionAMI: Double
  var modalityARI: Double
  var regionARI: Double
  /// Share of the image and text vectors' variance that is left within clusters: 0 is best, 1 no clustering.
  var imageSpread: Double
  var textSpread: Double

  /// The mean over modality and region: clusterings are ranked by it.
  var homogeneity: Double { (modalityHomogeneity + regionHomogeneity) / 2 }
  var information: Double { (modalityInformation + regionInformation) / 2 }
  var nmi: Double { (modalityNMI + regionNMI) / 2 }
  var ami: Double { (modalityAMI + regionAMI) / 2 }
  var ari: Double { (modalityARI + regionARI) / 2 }

  /// S: the harmonic mean of both homogeneities and of the image and text variance that clusters explain.
  var score: Double {
    let terms = [modalityHomogeneity, regionHomogeneity, 1 - imageSpread, 1 - textSpread]
    guard terms.allSatisfy({ $0 > 0 }) else { return 0 }
    return Double(terms.count) / terms.reduce(0) { $0 + 1 / $1 }
  }

  /// All metrics by their names in files, in file order.
  static let all: [(name: String, value: any (KeyPath<Metrics, Double> & Sendable))] = [
    ("homogeneity", \.homogeneity), ("nmi", \.nmi), ("ami", \.ami), ("ari", \.ari),
    ("mi", \.information), ("modality_homogeneity", \.modalityHomogeneity),
    ("region_homogeneity", \.regionHomogeneity), ("modality_nmi", \.modalityNMI),
    ("region_nmi", \.regionNMI), ("modality_ami", \.modalityAMI), ("region_ami", \.regionAMI),
    ("modality_ari", \.modalityARI), ("region_ari", \.regionARI),
    ("modality_mi", \.modalityInformation), ("region_mi", \.regionInformation),
    ("image_spread", \.imageSpread), ("text_spread", \.textSpread), ("s", \.score),
  ]

  /// - Parameters:
  ///   - units: the units to judge.
  ///   - clusters: their clusters.
  ///   - image, text: reference vectors for spread, the same for every clustering.
  init(_ units: [LabelledUnit], clusters: [Int], image: [[Float]?], text: [[Float]?]) {
    func agreement(_ truth: (LabelledUnit) -> String?) -> Agreement {
      let known = zip(units, clusters).compactMap { unit, cluster in
        truth(unit).map { (truth: $0, cluster: cluster) }
      }
      return Agreement(truth: known.map(\.truth), clusters: known.map(\.cluster))
    }
    let modality = agreement { $0.modality }
    let region = agreement { $0.region }
    modalityHomogeneity = modality.homogeneity
    regionHomogeneity = region.homogeneity
    modalityInformation = modality.mutualInformation
    regionInformation = region.mutualInformation
    modalityNMI = modality.normalizedMutualInformation
    regionNMI = region.normalizedMutualInformation
    modalityAMI = modality.adjustedMutualInformation
    regionAMI = region.adjustedMutualInformation
    modalityARI = modality.adjustedRandIndex
    regionARI = region.adjustedRandIndex
    imageSpread = Self.spread(image, clusters)
    textSpread = Self.spread(text, clusters)
  }

  private static func spread(_ vectors: [[Float]?], _ clusters: [Int]) -> Double {
    let rows = zip(vectors, clusters).compactMap { vector, cluster in
      vector.map { (vector: $0, cluster: cluster) }
    }
    let whole = squares(rows.map(\.vector))
    guard whole > 0 else { return 1 }
    let within = Dictionary(grouping: rows, by: \.cluster).sorted { $0.key < $1.key }
      .reduce(0.0) { $0 + squares($1.value.map(\.vector)) }
    return within / whole
  }

  /// Sum of squared distances to the mean.
  private static func squares(_ vectors: [[Float]]) -> Double {
    guard let length = vectors.first?.count else { return 0 }
    var sum = [Double](repeating: 0, count: length)
    var total = 0.0
    for vector in vectors {
      for (index, value) in vector.enumerated() {
        sum[index] += Double(value)
        total += Double(value) * Double(value)
      }
    }
    return max(0, total - sum.reduce(0) { $0 + $1 * $1 } / Double(vectors.count))
  }
}

/// Mean and standard deviation over seeds.
package struct Spread: Sendable {
  package let mean: Double
  package let deviation: Double

  package init(_ values: [Double]) {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation =
      values.count < 2
      ? 0 : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
  }
}
