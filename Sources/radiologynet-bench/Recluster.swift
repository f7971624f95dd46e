import Clustering
import Core
import Foundation
import Store

/// `recluster STORE [K]`: reads every vector of the newest generation's bundle, which is beside the store, and fits
/// them again.
func benchRecluster(_ words: [String]) throws {
  guard let path = words.first else {
    throw FileError(path: "recluster", problem: "takes STORE [K]")
  }
  let store = try SQLiteStore(path: path, readOnly: true)
  guard let generation = try store.generations().first else {
    throw FileError(path: path, problem: "has no generation")
  }
  let folder = path.parentFolder
  let count = try store.unitCount()
  let (reading, rows) = try timed {
    var points: Points?
    try store.vectors(bundle: generation.bundle) { unit, vector in
      if points == nil {
        points = Points(layout: BenchLayout.layout(of: vector.count, bundles: folder))
        points?.reserve(count)
      }
      points?.append(vector, mask: unit.mask)
    }
    return points
  }
  guard let points = rows else { throw FileError(path: path, problem: "has no units") }
  let k =
    try words.dropFirst().first.flatMap { Int($0) }
    ?? store.centroids(generation: generation.number).count
  let (fitting, fit) = timed { KMeans(k: k, restarts: 4, seed: 1).fit(points) }
  report([
    "units": Double(points.count), "dimensions": Double(points.dimensions), "read_seconds": reading,
    "fit_seconds": fitting, "inertia": fit?.inertia ?? .nan, "resident_mb": residentMegabytes(),
  ])
}
