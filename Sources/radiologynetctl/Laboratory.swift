import Core
import Foundation
import Glibc

extension Command {
  static let train = Command(
    name: "train", summary: "train models from a folder and freeze them", usage: "train [FOLDER]",
    details: """
      Reads FOLDER (default: intake.input), trains every extractor and a first clustering on it, and writes
      a bundle below the state folder. A store without a generation opens its first one from it.
      """, examples: ["train", "train /srv/archive-sample"]
  ) { invocation in
    let words = try invocation.words(atMost: 1)
    try handOver("train", words + ["--config", invocation.configurationPath])
  }

  static let simulate = Command(
    name: "simulate", summary: "write a synthetic PACS export",
    usage: "simulate FOLDER [--studies N] [--first N] [--rate N] [--size N] [--seed N]",
    details: """
      Writes studies of CT, MR, CR, DX, US, XA, MG and NM of ten body parts with reports and realistic gaps.
      The same seed writes the same studies.

        --studies N  how many (100)
        --first N    number of the first one (0), to go on with an earlier export
        --rate N     studies a minute (as fast as it can)
        --size N     rows and columns (512)
        --seed N     (1)
      """,
    examples: ["simulate /tmp/export", "simulate /tmp/export --studies 20 --rate 30 --seed 7"]
  ) { invocation in
    try handOver("simulate", invocation.arguments)
  }

  /// Becomes radiologynet-lab, which lies beside this executable.
  private static func handOver(_ command: String, _ arguments: [String]) throws {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let path = (own as NSString).deletingLastPathComponent + "/radiologynet-lab"
    let words = [path, command] + arguments
    var vector = words.map { strdup($0) as UnsafeMutablePointer<CChar>? } + [nil]
    execv(path, &vector)
    throw CommandError("\(path): \(String(cString: strerror(errno)))", .unavailable)
  }
}
