import Foundation

/// The daemon's configuration: every key of `radiologynet.toml` with its default. Times are in seconds.
package struct Configuration: Sendable {
  package enum Unit: String, Sendable, CaseIterable { case study, series, image }
  /// How diagnoses become vectors.
  package enum TextMethod: String, Sendable, CaseIterable {
    case bow, tfidf
    case paragraphVectors = "pv-dbow"
    case distributedMemory = "pv-dm"
  }
  /// How images become vectors.
  package enum ImageMethod: String, Sendable, CaseIterable, Codable {
    /// Histograms of gradients at first, then the trained network once it is better.
    case auto
    case hog
    case hogRidge = "hog-ridge"
    case semantic, pca, autoencoder

    /// The method of the first models.
    package var atFirst: ImageMethod { self == .auto ? .hog : self }
  }
  /// How the dimensions of pixels or tags are reduced.
  package enum Reduction: String, Sendable, CaseIterable, Codable { case pca, autoencoder }
  /// What each block contributes to the fused vector.
  package enum Fusion: String, Sendable, CaseIterable, Codable {
    case embeddings
    case clusterDistances = "clusterdists"
    case clusterProbabilities = "clusterprobs"
  }
  package enum Identifiers: String, Sendable, CaseIterable { case key, plain }

  package struct Intake: Sendable {
    /// The watched folder; never written.
    package var input: String
    /// A further folder of report texts, empty for none.
    package var reports: String
    package var reportEncoding: String
    package var rescan: Double
    package var settle: Double
    package var quiet: Double
    package var maximumOpen: Double
    /// Intake pauses while the state folder's disk has fewer free bytes.
    package var minimumFree: UInt64
    /// Seconds after which an event reports that something still waits.
    package var waitingAfter: Double
  }

  package struct State: Sendable {
    package var directory: String
    package var log: String
    package var socket: String
    package var store: String { directory + "/radiologynet.sqlite" }
    package var bundles: String { directory + "/bundles" }
    /// The file that names the bundle for the daemon to use.
    package var activeBundle: String { bundles + "/active" }

    package init(directory: String, log: String, socket: String) {
      self.directory = directory
      self.log = log
      self.socket = socket
    }
  }

  package struct Decoding: Sendable {
    package var workers: Int
    package var timeout: Double
    /// Address space of one worker, bytes.
    package var memory: UInt64
    package var framesPerInstance: Int
    package var instancesPerUnit: Int
    /// Side of the grey images, pixels.
    package var side: Int
    /// The character set of texts that are not UTF-8, if their file names no known one.
    package var fallbackCharset: String
  }

  /// Which words of reports become terms.
  package struct Vocabulary: Sendable, Hashable {
    package var language: String
    /// Minimum number of patients whose reports contain a term.
    package var minimumPatients: Int
    /// Words that begin a signature at this site, besides the general ones.
    package var signatureWords: [String]

    package init(language: String, minimumPatients: Int, signatureWords: [String] = []) {
      self.language = language
      self.minimumPatients = minimumPatients
      self.signatureWords = signatureWords
    }
  }

  package struct Features: Sendable {
    package var image: ImageMethod
    /// Side of an image autoencoder's input, pixels.
    package var imageSide: Int
    package var imageComponents: Int
    /// Maximum number of training steps of a semantic encoder.
    package var imageSteps: Int
    package static let defaultImageSteps = 1_000
    package var tags: Reduction
    package var tagComponents: Int
    package var textComponents: Int
    package var text: TextMethod
    package var vocabulary: Vocabulary
    /// Whether tags that name modality and body part feed the tag block.
    package var leakingTags: Bool
    package var fusion: Fusion
    /// Centroids per block, for the fusions that use them.
    package var fusionClusters: Int
    /// By block, in the order of `Block.allCases`.
    package var weights: [Double]

    /// Side of the grid that images are averaged down to.
    package var gridSide: Int { gridSide(of: image) }

    package func gridSide(of method: ImageMethod) -> Int {
      switch method {
      case .auto, .hog, .hogRidge, .semantic: 64
      case .pca: 32
      case .autoencoder: imageSide
      }
    }
  }

  package struct Clustering: Sendable {
    package enum Count: Sendable, Equatable {
      case fixed(Int)
      /// Chosen within a range by the silhouette.
      case auto(ClosedRange<Int>)
    }

    package var k: Count
    /// Independent starts of a fit.
    package var restarts: Int
    /// Leading principal components that clusters are fitted in; 0 for all coordinates.
    package var components: Int
    package static let defaultComponents = 16
    /// Studies after which an observation weighs half in a centroid; 0 never forgets.
    package var halfLife: Double
    /// Seed of every random choice in training and clustering.
    package var seed: UInt64
  }

  package struct Recluster: Sendable {
    /// What happens to fits that the schedule or drift started.
    package enum Policy: String, Sendable, CaseIterable { case promote, hold }

    /// Units between two automatic fits; 0 for none.
    package var every: Int
    package var policy: Policy
    /// Share of the units, beyond the difference between two seeds, that may change cluster without approval.
    package var maximumChurn: Double
    /// A fit that lowers the inertia by a smaller share is rejected.
    package var minimumGain: Double
  }

  package struct Drift: Sendable {
    /// New units in a drift window; 0 for no windows.
    package var window: Int
    /// Maximum number of units that windows are compared with.
    package var reference: Int
    /// Whether an alarm starts a recluster.
    package var reclusters: Bool
  }

  /// The file that it was read from.
  package let path: String
  /// The effective value of each key, as text.
  var values: [String: String] = [:]

  package var unit: Unit
  package var identifiers: Identifiers
  /// Path of the site key; empty for the state folder.
  package var siteKey: String
  package var bodyParts: String
  /// The input is unhealthy when it is quiet for this many times its longest pause of four weeks; 0 for never.
  package var quietFactor: Double
  package var bootstrapStudies: Int
  package var recluster: Recluster
  package var intake: Intake
  package var state: State
  package var decoding: Decoding
  package var features: Features
  package var clustering: Clustering
  package var drift: Drift
  /// Side of the units' thumbnails, pixels; 0 for none.
  package var thumbnailSide: Int
  /// What becomes of a thumbnail of a frame with text in it.
  package var thumbnailText: TextTreatment
  /// How far a cluster may move before its review no longer counts, 0 to 1.
  package var reviewChangeLimit: Double
  /// Addresses of the review pages and of the metrics; `nil` for none.
  package var reviewAddress: ListenAddress?
  package var metrics: ListenAddress?

  /// By block; see docs/method.md.
  private static let defaultWeights = [0.7, 1, 1.2]

  /// - Throws: `ConfigurationError` with every problem at once, or `FileError`.
  package init(contentsOf path: String) throws { try self.init(TOMLDocument(path: path)) }

  /// - Throws: `ConfigurationError` with every problem at once.
  package init(_ document: TOMLDocument) throws {
    var read = ConfigurationReader(document)
    path = document.path
    let environment = ProcessInfo.processInfo.environment
    func folder(_ variable: String, _ fallback: String) -> String {
      // systemd gives several folders joined by ':'; ours comes first.
      environment[variable].flatMap { $0.split(separator: ":").first.map(String.init) } ?? fallback
    }

    unit = read.choice("unit", default: .study)
    intake = Intake(
      input: read.string("intake.input", default: nil),
      reports: read.string("intake.reports", default: ""),
      reportEncoding: read.string("intake.report_encoding", default: "utf-8"),
      rescan: read.number("intake.rescan", default: 30, in: 0.1...86_400, unit: "seconds"),
      settle: read.number("intake.settle", default: 2, in: 0...3_600, unit: "seconds"),
      quiet: read.number("intake.quiet", default: 60, in: 0...86_400, unit: "seconds"),
      maximumOpen: read.number(
        "intake.max_open", default: 14_400, in: 1...604_800, unit: "seconds"),
      minimumFree: UInt64(read.int("intake.min_free_mb", default: 1_024, in: 0...1_000_000)) << 20,
      waitingAfter: read.number(
        "intake.waiting_after", default: 86_400, in: 1...31_536_000, unit: "seconds"))
    if TextEncoding(intake.reportEncoding) == nil {
      read.refuse(
        "intake.report_encoding", "expected a character set that iconv knows, such as \"utf-8\"")
    }
    let directory = read.string(
      "state.directory", default: folder("STATE_DIRECTORY", "/var/lib/radiologynet"))
    state = State(
      directory: directory,
      log: read.string(
        "state.log",
        default: folder("LOGS_DIRECTORY", "/var/log/radiologynet") + "/annotations.jsonl"),
      socket: read.string(
        "state.socket", default: folder("RUNTIME_DIRECTORY", "/run/radiologynet") + "/control.sock")
    )
    decoding = Decoding(
      workers: read.int("decoding.workers", default: 0, in: 0...256),
      timeout: read.number("decoding.timeout", default: 60, in: 0.1...3_600, unit: "seconds"),
      memory: UInt64(read.int("decoding.memory_mb", default: 2_048, in: 256...65_536)) << 20,
      framesPerInstance: read.int("decoding.frames_per_instance", default: 3, in: 1...16),
      instancesPerUnit: read.int("decoding.instances_per_unit", default: 32, in: 1...1_024),
      side: read.int("decoding.side", default: 128, in: 32...512),
      fallbackCharset: read.string(
        "decoding.fallback_charset", default: CharacterSetName.latin1))
    if decoding.workers == 0 { decoding.workers = ProcessInfo.processInfo.activeProcessorCount }
    if !CharacterSetName.isKnown(decoding.fallbackCharset) {
      read.refuse(
        "decoding.fallback_charset",
        "expected a defined term of DICOM, such as \"ISO_IR 100\", or a character set that iconv knows"
      )
    }
    if decoding.side % 32 != 0 { read.refuse("decoding.side", "expected a multiple of 32") }
    features = Features(
      // Gradients and networks look at 64 × 64 pixels.
      image: read.choice(
        "features.image", default: decoding.side % 64 == 0 ? .auto : .pca),
      imageSide: read.int("features.image_side", default: 64, in: 16...256),
      imageComponents: read.int("features.image_components", default: 32, in: 1...512),
      imageSteps: read.int(
        "features.image_steps", default: Features.defaultImageSteps, in: 10...100_000),
      tags: read.choice("features.tags", default: .pca),
      tagComponents: read.int("features.tag_components", default: 32, in: 1...512),
      textComponents: read.int("features.text_components", default: 16, in: 1...512),
      text: read.choice("features.text", default: .tfidf),
      vocabulary: Vocabulary(
        language: read.string("features.language", default: "english"),
        minimumPatients: read.int("features.minimum_patients", default: 5, in: 3...1_000),
        signatureWords: read.strings("features.signature_words")),
      leakingTags: read.bool("features.leaking_tags", default: true),
      fusion: read.choice("features.fusion", default: .embeddings),
      fusionClusters: read.int("features.fusion_clusters", default: 50, in: 2...1_000),
      weights: Block.allCases.map {
        read.number(
          "features.weights.\($0.name)", default: Self.defaultWeights[$0.rawValue], in: 0...1_000)
      })
    if features.imageSide % 16 != 0 || decoding.side % features.imageSide != 0 {
      read.refuse("features.image_side", "expected a multiple of 16 that divides decoding.side")
    }
    if decoding.side % features.gridSide != 0 {
      read.refuse(
        "decoding.side",
        "expected a multiple of \(features.gridSide), which features.image looks at")
    }
    if features.weights.allSatisfy({ $0 == 0 }) {
      read.refuse("features.weights", "at least one block needs a weight above 0")
    }
    clustering = Clustering(
      k: read.clusterCount(),
      restarts: read.int("clustering.seeds", default: 4, in: 1...64),
      components: read.int(
        "clustering.components", default: Clustering.defaultComponents, in: 0...1_024),
      halfLife: read.number("clustering.half_life", default: 0, in: 0...1e9, unit: "studies"),
      seed: UInt64(read.int("clustering.seed", default: 2_308_08517, in: 0...Int.max)))
    drift = Drift(
      window: read.int("drift.window", default: 1_000, in: 0...1_000_000),
      reference: read.int("drift.reference", default: 5_000, in: 100...100_000),
      reclusters: read.bool("drift.recluster", default: false))
    if (1..<50).contains(drift.window) { read.refuse("drift.window", "expected 0, or at least 50") }
    quietFactor = read.number("health.quiet_factor", default: 3, in: 0...1_000)
    bootstrapStudies = read.int("bootstrap.studies", default: 500, in: 10...100_000)
    recluster = Recluster(
      every: read.int("recluster.every", default: 5_000, in: 0...100_000_000),
      policy: read.choice("recluster.policy", default: .promote),
      maximumChurn: read.number("recluster.max_churn", default: 1, in: 0...1),
      minimumGain: read.number("recluster.min_gain", default: 0, in: 0...1))
    thumbnailSide = read.int("review.thumbnail_side", default: 192, in: 0...512)
    thumbnailText =
      TextTreatment(
        rawValue: read.string(
          "review.burned_in", default: TextTreatment.withhold.rawValue, among: ["withhold", "mask"])
      )
      ?? .withhold
    reviewChangeLimit = read.number("review.change_limit", default: 0.25, in: 0...1)
    metrics = read.address("metrics.listen")
    reviewAddress = read.address("review.listen")
    identifiers = read.choice("privacy.uids", default: .key)
    siteKey = read.string("privacy.site_key", default: "/etc/radiologynet/site.key")
    bodyParts = read.string("body_parts", default: "")
    try read.finish()
    values = read.values
  }
}
