import Core
import Decoding
import Foundation

/// `parse FOLDER [ROUNDS]`: parses headers into identifiers, tags and a digest, in this process on one thread.
func benchParse(_ words: [String]) throws {
  let (paths, rounds) = try input("parse", words)
  var files = 0
  let (seconds, _) = timed {
    for path in (0..<rounds).flatMap({ _ in paths }) where (try? decode(path, frames: 0)) != nil {
      files += 1
    }
  }
  report(["files_per_second": Double(files) / seconds])
}

/// FOLDER [ROUNDS] as files and rounds. Decodes one file first, because DCMTK reads its dictionary then.
func input(_ stage: String, _ words: [String]) throws -> (paths: [FilePath], rounds: Int) {
  guard let folder = words.first else {
    throw FileError(path: stage, problem: "takes FOLDER [ROUNDS]")
  }
  let paths = FolderScan.files(below: folder)
  if let first = paths.first { _ = try? decode(first, frames: 1) }
  return (paths, words.dropFirst().first.flatMap { Int($0) } ?? 1)
}

func decode(_ path: FilePath, frames: Int) throws(Rejection) -> DecodedInstance {
  try InstanceDecoder.decode(path, .init(side: 128, frames: frames)).instance
}
