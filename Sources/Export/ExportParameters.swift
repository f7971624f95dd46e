import Core

/// What is exported, and how.
package struct ExportParameters: Sendable, Equatable {
  /// Which clusters, by their trust.
  package enum Included: String, Sendable, CaseIterable { case accepted, unrejected, all }
  package enum Format: String, Sendable, CaseIterable {
    /// Windowed grey images of 8 bits, padded to a square.
    case png
    /// The same with 16 bits.
    case png16
    /// No pixels: each row names its DICOM file.
    case dicom
  }

  package var included = Included.accepted
  package var format = Format.png
  /// Side of the images, pixels.
  package var side = 256
  /// Maximum images of one instance: its frames, evenly spread.
  package var frames = 1
  /// What becomes of images with text in them. It may differ between runs over one folder.
  package var burnedIn = TextTreatment.withhold
  /// Maximum instances of one unit and of one class; `nil` for all.
  package var instancesPerUnit: Int?
  package var instancesPerClass: Int?
  /// Per cent of the patients in training, validation and test.
  package var shares = [80, 10, 10]
  package var description = ExportDescription()
  /// Images of each WebDataset shard; `nil` for no shards.
  package var shardSize: Int?

  package init() {}

  /// The parameters that must not change between runs over one folder.
  var signature: JSON {
    [
      "format": .string(format.rawValue), "side": .int(side), "frames": .int(frames),
      "split": .array(shares.map(JSON.int)),
    ]
  }

  static let splits = ["train", "validation", "test"]

  /// The split of a patient: the same in every export with these shares, however many patients there are.
  ///
  /// - Parameter key: hexadecimal HMAC under the site key, whose bits are uniformly distributed.
  func split(_ key: String) -> String {
    let place = Double(UInt64(key.prefix(12), radix: 16) ?? 0) / Double(1 << 48) * 100
    if place < Double(shares[0]) { return Self.splits[0] }
    return place < Double(shares[0] + shares[1]) ? Self.splits[1] : Self.splits[2]
  }
}
