import Core
import Foundation
import Store

/// The content of an export in words and figures: a manifest for programs, a datasheet for people, and the texts that
/// Croissant shares with it. Nothing in it depends on when the export ran.
struct ExportSummary {
  let rows: [ExportRow]
  let parameters: ExportParameters
  let generation: GenerationRecord
  /// Method of each block and of their fusion.
  let extractors: [String: String]
  /// Over the digests of the files that the bundle was trained on.
  let corpusDigest: String
  let leftOut: [String: Int]
  let classes: [ClassList.Entry]

  private var masked: Int { rows.count { $0.burnedIn == .masked } }

  private var burnedIn: String {
    let marked = leftOut["burned_in"] ?? 0
    let withheld = leftOut["burned_in_text"] ?? 0
    return switch parameters.burnedIn {
    case _ where parameters.format == .dicom:
      "Text burned into the files' images was not looked for."
    case .withhold:
      "Instances in which a text detector found burned-in text are left out (\(withheld)), and those whose files say BurnedInAnnotation = YES (\(marked)). The detector misses some."
    case .mask:
      "Burned-in text that a detector found is filled with black (\(masked) images); \(withheld) instances are left out where that failed, and \(marked) whose files say BurnedInAnnotation = YES, though none was found. The detector misses some."
    case .keep: "Text burned into images was *not* looked for: they may name patients."
    }
  }

  private func perSplit(_ count: ([ExportRow]) -> Int) -> JSON {
    .object(
      ExportParameters.splits.map { split in
        (split, .int(count(rows.filter { $0.split == split })))
      })
  }

  var manifest: JSON {
    [
      "software": .string("radiologynet \(softwareVersion)"),
      "generation": .int(generation.number),
      "generation_time": .string(generation.time),
      "bundle": .string(generation.bundle),
      "extractors": .object(
        extractors.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }),
      "title": .string(parameters.description.title),
      "licence": .string(parameters.description.licence),
      "creator": .string(parameters.description.creator),
      "included": .string(parameters.included.rawValue), "parameters": parameters.signature,
      "burned_in": [
        "treatment": .string(parameters.burnedIn.rawValue), "masked": .int(masked),
        "withheld": .int(leftOut["burned_in_text"] ?? 0),
        "marked_by_file": .int(leftOut["burned_in"] ?? 0),
      ],
      "images": perSplit(\.count), "patients": perSplit { Set($0.map(\.patientKey)).count },
      "studies": perSplit { Set($0.map(\.studyKey)).count },
      "classes": .array(
        classes.map { item in
          [
            "cluster": .string(item.cluster), "index": .int(item.index),
            "name": .optional(item.name), "trust": .string(item.trust),
            "images": .object(
              ExportParameters.splits.map { ($0, .int(item.images[$0] ?? 0)) }),
          ]
        }),
      "left_out": .object(leftOut.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }),
    ]
  }

  var methods: String {
    extractors.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      .joined(separator: ", ")
  }

  var abstract: String {
    "\(rows.count) images of \(Set(rows.map(\.studyKey)).count) studies and \(Set(rows.map(\.patientKey)).count) patients in \(classes.count) classes, which are clusters found without a person's labels from images, DICOM tags and diagnoses (arXiv 2308.08517)."
  }

  var content: String {
    parameters.format != .dicom
      ? "grey PNG files of \(parameters.format == .png ? 8 : 16) bits, \(parameters.side) × \(parameters.side) pixels: the file's first window (else 1st to 99th percentile), MONOCHROME1 inverted, colour to luminance, padded to a square with black, areas averaged"
      : "references to DICOM files, relative to the input folder of the archive"
  }

  var collection: String {
    let reasons =
      leftOut.isEmpty
      ? "none"
      : leftOut.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return
      "From a PACS export, as it came, without a selection by people; instances left out: \(reasons)."
  }

  static let limitations =
    "A class is a study's, not an image's: an image may show less than its class. Classes are groups that look, are taken or are described alike, not diagnoses; nobody has checked single labels. What the archive lacks, the classes lack, too."

  var privacy: String {
    "Keys are HMAC-SHA256 under the site's secret key; image files hold pixels only, embeddings.npz vectors that were computed from images, tags and reports. \(burnedIn) Faces may be recognisable in images of the head. Handle it as personal data unless your data protection officer says otherwise."
  }
}
