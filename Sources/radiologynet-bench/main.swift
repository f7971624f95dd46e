// Benchmarks, one file per stage. scripts/benchmark and scripts/compare-* run them and their peers on the same input.
import Core
import Foundation

do {
  var words = CommandLine.arguments.dropFirst()
  switch words.popFirst() {
  case "parse": try benchParse(Array(words))
  case "decode": try benchDecode(Array(words))
  case "embed": try benchEmbed(Array(words))
  case "assign": try benchAssign(Array(words))
  case "store": try benchStore(Array(words))
  case "run": try benchRun(Array(words))
  case "train": try benchTrain(Array(words))
  case "semantic": try benchSemantic(Array(words))
  case "recluster": try benchRecluster(Array(words))
  case "kmeans": try benchKMeans(Array(words))
  case "minibatch": try benchMiniBatch(Array(words))
  case "medoids": try benchMedoids(Array(words))
  case "similar": try benchSimilar(Array(words))
  case "layout": try benchLayout(Array(words))
  case "duplicates": try benchDuplicates(Array(words))
  case "drift": try benchDrift(Array(words))
  case "drift-null": try benchDriftNull(Array(words))
  case "hl7": try benchHL7(Array(words))
  default:
    throw FileError(
      path: "radiologynet-bench",
      problem:
        "stages: parse, decode, embed, assign, store, run, train, semantic, recluster, kmeans, minibatch, medoids, similar, layout, duplicates, drift, drift-null, hl7"
    )
  }
} catch {
  FileHandle.standardError.write(Data("radiologynet-bench: \(error)\n".utf8))
  exit(ExitCode.usage.rawValue)
}
