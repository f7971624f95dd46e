import Core
import Features
import Foundation
import Training

/// `import-image MODEL.pt [FOLDER] --config FILE [--side N]`: makes a bundle with a TorchScript image encoder of
/// the site's own; the rest is trained as configured.
func importImage(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--config", "--side"])
  guard let path = arguments.string("--config"), (1...2).contains(arguments.words.count) else {
    throw UsageError("bundle import-image takes a TorchScript file and at most one folder")
  }
  var configuration = try Configuration(contentsOf: path)
  let side = try arguments.number("--side", 224, in: 32...512)
  guard side % 32 == 0 else { throw UsageError("--side takes a multiple of 32, not \(side)") }
  configuration.decoding.side = side
  if arguments.words.count == 2 { configuration.intake.input = arguments.words[1] }
  try Arguments.check(folder: configuration.intake.input)

  let program = try readFile(arguments.words[0], atMost: 4 << 30)
  let encoder: TorchScriptEncoder
  do { encoder = try TorchScriptEncoder(checking: program, side: side) } catch {
    throw FeatureError("\(arguments.words[0]) can't be imported: \(error)")
  }
  show(
    "\(arguments.words[0]): \(encoder.channels) × \(side) × \(side) pixels to \(encoder.outputs) numbers, "
      + "the same each time",
    [
      "program": .string(arguments.words[0]), "channels": .int(encoder.channels),
      "side": .int(side), "outputs": .int(encoder.outputs),
    ])
  let progress = Progress()
  let archive = try OfflineTraining.units(configuration) { progress.show($0) }
  let image = try ImageEncoder(
    importing: encoder,
    fitting: archive.units.flatMap(\.unit.images).evenlySpread(atMost: 50_000),
    components: configuration.features.imageComponents
  ) { progress.show("images: \($0)") }
  let result = try OfflineTraining.run(
    configuration, archive: archive, image: (image, "torchscript")
  ) { progress.show($0) }
  progress.end()
  show(result.description, result.json)
}
