// Work outside the service: training, experiments and simulation. radiologynetctl starts these commands by exec.
import Core
import Features
import Foundation

restrictNewFiles()
do {
  MachineCode.allow()
  var arguments = CommandLine.arguments.dropFirst()
  switch arguments.popFirst() {
  case "simulate": try simulate(Array(arguments))
  case "train": try train(Array(arguments))
  case "import-image": try importImage(Array(arguments))
  case "verify-words": try verifyWords(Array(arguments))
  case "evaluate": try evaluate(Array(arguments))
  case "export": try export(Array(arguments))
  case "report": try report(Array(arguments))
  case "similar": try similar(Array(arguments))
  case "embed": try embed(Array(arguments))
  case "doc2vec": try doc2vec(Array(arguments))
  case "reconstruction": try reconstruction(Array(arguments))
  case "render": try render(Array(arguments))
  default:
    throw UsageError(
      "radiologynet-lab is started by radiologynetctl: simulate, train, evaluate, report, export, similar, bundle import-image"
    )
  }
} catch {
  fail(error, of: "radiologynetctl", json: wantsJSON)
}
