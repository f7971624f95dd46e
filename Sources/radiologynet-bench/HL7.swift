import Core
import Foundation
import Intake

/// `hl7 FOLDER ENCODING`: what the reader reads from each file, as one line of JSON. For scripts/compare-hl7.
func benchHL7(_ words: [String]) throws {
  guard words.count == 2, let folder = words.first else {
    throw FileError(path: "hl7", problem: "takes FOLDER ENCODING")
  }
  for path in FolderScan.files(below: folder) {
    let listing = HL7Listing.list(Array(try readFile(path)), encoding: words[1])
    print(JSON.object([("file", .string(path.description)), ("read", listing)]).encoded)
  }
}
