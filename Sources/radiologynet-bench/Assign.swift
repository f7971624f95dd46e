import Clustering
import Core

/// `assign FILE DIMENSIONS K`: assigns rows to the nearest of K fitted centroids, one at a time as studies arrive.
func benchAssign(_ words: [String]) throws {
  let numbers = words.dropFirst().compactMap { Int($0) }
  guard let path = words.first, numbers.count == 2 else {
    throw FileError(path: "assign", problem: "takes FILE DIMENSIONS K")
  }
  let points = try points(path, dimensions: numbers[0])
  guard let fit = KMeans(k: numbers[1], restarts: 1, seed: 1).fit(points) else { return }
  let arriving = (0..<points.count).map { [points[$0]] }
  var sum = 0
  let (seconds, _) = timed {
    for unit in arriving { sum += fit.centroids.labels(unit)[0] }
  }
  report(["rows_per_second": Double(points.count) / seconds, "labels": Double(sum)])
}
