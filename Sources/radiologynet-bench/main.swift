// Measurements, one file a stage. scripts/compare-* run them beside peers, on the same input.
import Clustering
import Core
import Foundation

do {
  var words = CommandLine.arguments.dropFirst()
  switch words.popFirst() {
  case "kmeans": try benchKMeans(Array(words))
  case "minibatch": try benchMiniBatch(Array(words))
  case "medoids": try benchMedoids(Array(words))
  case "drift": try benchDrift(Array(words))
  case "store": try benchStore(Array(words))
  case "recluster": try benchRecluster(Array(words))
  case "decode": try benchDecode(Array(words))
  default:
    throw FileError(
      path: "radiologynet-bench",
      problem: "stages: decode, store, kmeans, minibatch, medoids, drift, recluster")
  }
} catch {
  FileHandle.standardError.write(Data("radiologynet-bench: \(error)\n".utf8))
  exit(ExitCode.usage.rawValue)
}
