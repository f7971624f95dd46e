import Clustering
import Core
import Foundation

/// `minibatch FILE DIMENSIONS K BATCH [ROWS]`: rows per second, labelling and updating batch by batch as the daemon
/// does, for three seconds or ROWS rows.
func benchMiniBatch(_ words: [String]) throws {
  let numbers = words.dropFirst().compactMap { Int($0) }
  guard let path = words.first, numbers.count >= 3 else {
    throw FileError(path: "minibatch", problem: "takes FILE DIMENSIONS K BATCH [ROWS]")
  }
  let points = try points(path, dimensions: numbers[0])
  guard let fit = KMeans(k: numbers[1], restarts: 1, seed: 1).fit(points) else { return }
  var centroids = fit.centroids
  let batch = numbers[2]
  let arriving = chunks(points.count - points.count % batch, of: batch).map {
    $0.map { points[$0] }
  }
  let (seconds, rows) = timed {
    var rows = 0
    let start = ContinuousClock.now
    while numbers.count > 3 ? rows < numbers[3] : start.duration(to: .now) < .seconds(3) {
      let units = arriving[rows / batch % arriving.count]
      centroids.update(units, labels: centroids.labels(units))
      rows += batch
    }
    return rows
  }
  report(["rows_per_second": Double(rows) / seconds])
}

/// `medoids FILE DIMENSIONS K`: FasterPAM from one random start per seed, distances not counted.
func benchMedoids(_ words: [String]) throws {
  let numbers = words.dropFirst().compactMap { Int($0) }
  guard let path = words.first, numbers.count == 2 else {
    throw FileError(path: "medoids", problem: "takes FILE DIMENSIONS K")
  }
  let distances = try points(path, dimensions: numbers[0]).pairwiseDistances()
  var seconds: [Double] = []
  var losses: [Double] = []
  for seed in 0..<3 {
    let (time, fit) = timed {
      KMedoids(k: numbers[1], restarts: 1, seed: UInt64(seed)).fit(distances)
    }
    seconds.append(time)
    losses.append(fit?.loss ?? .nan)
  }
  report([
    "seconds": seconds.sorted()[1], "loss": losses.min() ?? .nan,
    "mean_loss": losses.reduce(0, +) / 3,
  ])
}
