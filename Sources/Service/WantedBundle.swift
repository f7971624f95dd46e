import Core

/// The bundle to change to, and when to try it.
struct WantedBundle {
  private static let retryDelay = Duration.seconds(60)

  private(set) var hash: BundleHash?
  private var notBefore: ContinuousClock.Instant?

  init(_ hash: BundleHash? = nil) { self.hash = hash }

  mutating func set(_ hash: BundleHash) { (self.hash, notBefore) = (hash, nil) }

  mutating func drop() { (hash, notBefore) = (nil, nil) }

  /// Tries a bundle again after a temporary failure. A bundle that someone has activated since takes precedence.
  mutating func retry(_ failed: BundleHash, at now: ContinuousClock.Instant) {
    guard hash == nil else { return }
    (hash, notBefore) = (failed, now + Self.retryDelay)
  }

  func due(at now: ContinuousClock.Instant) -> BundleHash? {
    notBefore.map { $0 <= now } ?? true ? hash : nil
  }
}
