import Core
import Foundation
import Store

/// The content of an export: a manifest for programs, a datasheet for people.
struct ExportSummary {
  private let rows: [ExportRow]
  private let parameters: ExportParameters
  private let generation: GenerationRecord?
  private let leftOut: [String: Int]
  private let classes: [(label: String, name: String?, trust: String, counts: [Int])]

  init(
    _ rows: [ExportRow], _ parameters: ExportParameters, generation: GenerationRecord?,
    clusters: [Int: ClusterRecord], leftOut: [String: Int]
  ) {
    self.rows = rows
    self.parameters = parameters
    self.generation = generation
    self.leftOut = leftOut
    let grouped = Dictionary(grouping: rows, by: \.cluster)
    classes = clusters.values.sorted { $0.id < $1.id }.compactMap { cluster in
      let label = ClusterRecord.label(cluster.id)
      guard let rows = grouped[label] else { return nil }
      let counts = ExportParameters.splits.map { split in rows.count { $0.split == split } }
      return (label, cluster.name, cluster.trust, counts)
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
      "software": .string("radiologynet \(softwareVersion)"), "time": .string(timestamp()),
      "generation": .int(generation?.number ?? 0), "bundle": .optional(generation?.bundle),
      "included": .string(parameters.included.rawValue), "parameters": parameters.signature,
      "images": perSplit(\.count), "patients": perSplit { Set($0.map(\.patientKey)).count },
      "studies": perSplit { Set($0.map(\.studyKey)).count },
      "classes": .array(
        classes.map { item in
          [
            "cluster": .string(item.label), "name": .optional(item.name),
            "trust": .string(item.trust),
            "images": .object(
              zip(ExportParameters.splits, item.counts).map { ($0, .int($1)) }),
          ]
        }),
      "left_out": .object(leftOut.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }),
    ]
  }

  /// In the order of "Datasheets for Datasets" (Gebru et al. 2021).
  var datasheet: String {
    let table = classes.map { item in
      "| \(item.label) | \(item.name ?? "") | \(item.trust) | \(item.counts.map(String.init).joined(separator: " | ")) |"
    }.joined(separator: "\n")
    let reasons =
      leftOut.isEmpty
      ? "none"
      : leftOut.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    let thin = classes.filter { $0.counts.contains(0) }.map(\.label)
    let warning =
      thin.isEmpty
      ? ""
      : "\nWithout images in some split: \(thin.joined(separator: ", ")). Take the numbering of classes from the training split.\n"
    let content =
      parameters.format != .dicom
      ? "grey PNG files of \(parameters.format == .png ? 8 : 16) bits, \(parameters.side) × \(parameters.side) pixels: the file's first window (else 1st to 99th percentile), MONOCHROME1 inverted, colour to luminance, padded to a square with black, areas averaged"
      : "references to DICOM files, relative to the input folder of the archive"
    return """
      # Annotated radiological images

      **Motivation.** To pretrain image models on an archive's own images. Classes are clusters, found without a person's labels
      from images, DICOM tags and diagnoses (arXiv 2308.08517), generation \(generation?.number ?? 0) over bundle \(generation?.bundle ?? ""); only \(parameters.included.rawValue) clusters.

      **Composition.** \(rows.count) images of \(Set(rows.map(\.studyKey)).count) studies and \(Set(rows.map(\.patientKey)).count) patients: \(content).

      | class | name | trust | train | validation | test |
      |---|---|---|---|---|---|
      \(table)
      \(warning)
      A class is a study's, not an image's: an image may show less than its class. Names and bounds of classes change with later
      generations; any label of an earlier export is resolved by `radiologynetctl clusters resolve LABEL`.

      **Collection.** From a PACS export; left out: \(reasons).

      **Splits.** By patient: no patient is in two. A patient's split follows from a keyed hash and stays the same in later exports.
      Patients who have the same picture, or nearly, share the split of the one with the smallest key, so a patient's split may
      change once when a study of another one with the same picture arrives.
      Studies are one patient's where a number links them, in any number of steps: PatientID, with and without its issuer, and
      other IDs of any of their files. A study without a number counts as a patient. The same person under two numbers that no file
      has together is not recognised.

      **Privacy.** Keys are HMAC-SHA256 under the site's secret key; files hold pixels only. Images whose files say
      BurnedInAnnotation = YES are left out; text burned into others is *not* looked for. Faces may be recognisable in images of
      the head. Handle it as personal data unless your data protection officer says otherwise.

      **Use.** `torchvision.datasets.ImageFolder("train")`, or `datasets.load_dataset("imagefolder", data_dir=".")`. All labels are
      in labels.csv and labels.jsonl; `sha256sum -c SHA256SUMS` checks the files. Run the export again to bring it up to date.

      """
  }
}
