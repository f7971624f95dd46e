import Clustering
import Core
import Foundation
import Store

/// `recluster STORE [K]`: reads every vector of the newest generation's bundle, which lies beside the store, and fits
/// them anew.
func benchRecluster(_ words: [String]) throws {
  guard let path = words.first else {
    throw FileError(path: "recluster", problem: "takes STORE [K]")
  }
  let store = try Store(path: path, readOnly: true)
  guard let generation = try store.generations().first else {
    throw FileError(path: path, problem: "has no generation")
  }
  let centroids = try store.centroids(generation: generation.number)
  let lengths = try BenchLayout.lengths(
    of: centroids.first?.vector.count ?? 0, bundles: (path as NSString).deletingLastPathComponent)
  let (reading, points) = try timed {
    var points = Points(layout: BlockLayout(lengths: lengths, weights: [1, 1, 1]))
    points.reserve(try store.unitCount())
    try store.vectors(bundle: generation.bundle) { points.append($1, mask: $0.mask) }
    return points
  }
  let k = words.dropFirst().first.flatMap { Int($0) } ?? centroids.count
  let (fitting, fit) = timed { KMeans(k: k, seeds: 4, seed: 1).fit(points) }
  report([
    "units": Double(points.count), "dimensions": Double(points.dimensions), "read_seconds": reading,
    "fit_seconds": fitting, "inertia": fit?.inertia ?? .nan, "resident_mb": residentMegabytes(),
  ])
}
