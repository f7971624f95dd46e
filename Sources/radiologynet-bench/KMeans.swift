import Clustering
import Core
import Foundation

/// `kmeans FILE DIMENSIONS K [SEEDS]`: a full fit.
func benchKMeans(_ words: [String]) throws {
  let numbers = words.dropFirst().compactMap { Int($0) }
  guard let path = words.first, numbers.count >= 2 else {
    throw FileError(path: "kmeans", problem: "takes FILE DIMENSIONS K [SEEDS]")
  }
  let points = try points(path, dimensions: numbers[0])
  let kMeans = KMeans(k: numbers[1], restarts: numbers.dropFirst(2).first ?? 4, seed: 1)
  let start = ContinuousClock.now
  let (seconds, fit) = timed {
    kMeans.fit(points, cancelled: { false }) { text in
      guard ProcessInfo.processInfo.environment["VERBOSE"] != nil else { return }
      FileHandle.standardError.write(
        Data("\(start.duration(to: .now) / .seconds(1)) \(text)\n".utf8))
    }
  }
  guard let fit else { return }
  report([
    "seconds": seconds, "inertia": fit.inertia, "iterations": Double(fit.iterations),
    "resident_mb": residentMegabytes(),
  ])
}

/// Peak resident memory of this process, MB.
func residentMegabytes() -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return Double(peak?.split(separator: " ").dropFirst().first ?? "0").map { $0 / 1024 } ?? 0
}
