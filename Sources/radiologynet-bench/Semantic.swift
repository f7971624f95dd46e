import Core
import Features
import Foundation
import Training

/// `semantic CONFIG [STEPS [BATCH [THREADS]]] [code]`: trains a residual network on the input folder's reports and
/// blind tags, and encodes its pictures on one thread. With `code` libtorch may generate machine code.
func benchSemantic(_ words: [String]) throws {
  if words.contains("code") { MachineCode.allow() }
  let configuration = try configuration("semantic", words)
  let numbers = words.dropFirst().compactMap { Int($0) }
  let units = try OfflineTraining.units(configuration) { _ in }.units.map(\.unit)
  var training = SemanticTraining(seed: 1)
  if numbers.count > 0 { training.steps = numbers[0] }
  if numbers.count > 1 { training.batch = numbers[1] }
  if numbers.count > 2 { training.threads = numbers[2] }
  training.progress = { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
  let studies = try semanticStudies(units, configuration.features, side: training.side)
  let pictures = studies.flatMap(\.images)
  let before = clock()
  let (seconds, network) = try timed { try training.fit(studies) }
  let processorSeconds = Double(clock() - before) / Double(CLOCKS_PER_SEC)
  let (encoding, _) = timed { for picture in pictures { _ = network.features(picture) } }
  report([
    "studies": Double(studies.count), "images": Double(pictures.count),
    "train_seconds": seconds, "train_processor_seconds": processorSeconds,
    "best_step": Double(network.steps), "held_out": network.heldOut.total,
    "held_out_text": network.heldOut.text, "held_out_terms": network.heldOut.terms,
    "held_out_tags": network.heldOut.tags,
    "encode_milliseconds": encoding * 1_000 / Double(pictures.count),
  ])
}

private func semanticStudies(
  _ units: [TrainingUnit], _ features: Configuration.Features, side: Int
) throws -> [SemanticStudy] {
  let tags = try TagEncoder(
    fitting: units.map(\.tags), studies: ModelBundle.studyNumbers(units), leaking: false,
    ReductionSettings(.pca, components: 32, seed: 1))
  let text = try TextEncoder(
    fitting: units.compactMap { unit in unit.text.map { unit.trainingText($0) } }, components: 16,
    vocabulary: features.vocabulary, seed: 1, refusing: units.flatMap(\.names.revealed))
  let counter = try text?.makeCounter()
  return try units.filter { !$0.images.isEmpty }.map { unit in
    let terms = unit.text.flatMap { counter?.terms($0.revealed, without: unit.names.revealed) }
    let vector = terms.flatMap { text?.encode($0) }
    return SemanticStudy(
      images: unit.images.map { averaged($0, to: side) },
      terms: vector == nil ? nil : terms.map { Set($0.keys) }, text: vector,
      tags: try tags?.encode(unit.tags))
  }
}

private func averaged(_ image: GreyImage, to side: Int) -> [Float] {
  let step = image.side / side
  return (0..<side * side).map { pixel in
    var sum = 0
    for row in 0..<step {
      let start = (pixel / side * step + row) * image.side + pixel % side * step
      for column in 0..<step { sum += Int(image.pixels[start + column]) }
    }
    return Float(sum) / Float(255 * step * step)
  }
}
