import Core
import Decoding
import Features
import Foundation

/// `embed BUNDLE FOLDER`: the throughput of each source's encoder per second on one thread, on the content of a
/// folder's files. This benchmark stage is here because encoders need libtorch.
func embed(_ words: [String]) throws {
  guard words.count == 2 else { throw UsageError("embed takes a bundle and a folder") }
  let bundle = try ModelBundle(contentsOf: words[0], programs: .any)
  var images: [GreyImage] = []
  var tags: [TagValues] = []
  var texts: [String] = []
  for path in FolderScan.files(below: words[1]) {
    if path.ends(in: ".txt") {
      texts.append(String(decoding: try readFile(path), as: UTF8.self))
    } else if let decoded = try? InstanceDecoder.decode(
      path, .init(side: bundle.manifest.imageSide, frames: 3))
    {
      images += decoded.images
      tags.append(decoded.instance.tags)
    }
  }
  var figures: [(key: String, value: JSON)] = []
  func note(_ name: String, _ count: Int, _ body: () throws -> Void) rethrows {
    let start = ContinuousClock.now
    try body()
    let seconds = start.duration(to: .now) / .seconds(1)
    figures.append(("\(name)_per_second", .figure(Double(count) / seconds)))
  }
  if let encoder = bundle.image {
    try note("images", images.count) { for image in images { _ = try encoder.encode(image) } }
  }
  if let encoder = bundle.tags {
    try note("tags", tags.count) { for values in tags { _ = try encoder.encode(values) } }
  }
  if let encoder = bundle.text {
    let counter = try encoder.makeCounter()
    note("texts", texts.count) {
      for text in texts { _ = encoder.encode(counter.terms(text, without: [])) }
    }
  }
  print(JSON.object(figures).encoded)
}
