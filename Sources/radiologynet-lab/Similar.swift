import Core
import Embeddings
import Store

/// `similar KEY --count N [--block NAME] --config FILE`, and `similar --duplicates yes …`: what
/// radiologynetctl asks a running daemon for, from the store.
func similar(_ words: [String]) throws {
  let arguments = try Arguments(
    words, options: ["--config", "--count", "--block", "--duplicates"])
  guard let path = arguments.string("--config") else { throw UsageError("similar takes one key") }
  let configuration = try Configuration(contentsOf: path)
  let store = try configuration.state.storeLocation.open(readOnly: true)
  let (bundle, layout) = try SimilarityIndex.current(store, bundles: configuration.state.bundles)
  if arguments.string("--duplicates") == "yes" {
    return show(try NearDuplicates(store, bundle: bundle, layout: layout))
  }
  guard let key = arguments.words.first else { throw UsageError("similar takes one key") }
  let block = arguments.string("--block")
  let query = SimilarityQuery(
    key: key, count: try arguments.number("--count", 20, in: SimilarityQuery.counts),
    block: Block.allCases.first { $0.name == block })
  let index = try SimilarityIndex(store, bundle: bundle, layout: layout)
  let answer = try query.answer(index, in: store).json
  show(SimilarUnits.text(answer), answer)
}

/// Groups, one a line.
private func show(_ duplicates: NearDuplicates) {
  let groups = duplicates.groups
  let pairs = Dictionary(
    grouping: duplicates.pairs, by: { pair in groups.firstIndex { $0.contains(pair.first) } ?? 0 })
  for (index, group) in groups.enumerated() {
    show(
      group.joined(separator: "  "),
      [
        "units": .array(group.map(JSON.string)),
        "pairs":
          .array(
            (pairs[index] ?? []).map { pair in
              [
                "first": .string(pair.first), "second": .string(pair.second),
                "distance": .figure(pair.distance),
              ]
            }),
      ])
  }
  if groups.isEmpty && !wantsJSON { print("no unit shows the same picture as another") }
}
