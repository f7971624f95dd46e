import Core
import Store

/// `README.md` of an export, in the order of "Datasheets for Datasets" (Gebru et al. 2021).
struct Datasheet {
  let summary: ExportSummary
  let hasShards: Bool

  var text: String {
    let (parameters, generation) = (summary.parameters, summary.generation)
    let description = parameters.description
    return """
      # \(Self.cell(description.title))

      ## Motivation
      To pretrain image models on an archive's own images. Made by \(Self.cell(description.creator)).

      ## Composition
      \(summary.abstract) Images are \(summary.content). Only \(parameters.included.rawValue) clusters are in it.

      | class | cluster | name | trust | train | validation | test |
      |---|---|---|---|---|---|---|
      \(table)
      \(warning)
      \(ExportSummary.limitations)

      A cluster keeps its label and its class number in later exports into this folder (`classes.json`); its name and its bounds may
      change. Any label of an earlier export is resolved by `radiologynetctl clusters resolve LABEL`.

      ### Files
      | file | content |
      |---|---|
      \(files)

      ### Columns
      \(DataDictionary.table)

      Keys that are equal mean the same thing in all exports of one site. Empty fields mean that there is none.

      ## Collection
      \(summary.collection)

      ## Preprocessing and labelling
      Vectors: \(summary.methods), fused and frozen as bundle \(generation.bundle). Classes: generation
      \(generation.number) of \(generation.time). Software: radiologynet \(softwareVersion).

      ## Splits
      By patient: no patient is in two. A patient's split follows from a keyed hash and stays the same in later exports.
      Patients who have the same picture, or nearly, share the split of the one with the smallest key, so a patient's split may
      change once when a study of another one with the same picture arrives.
      Studies are one patient's where a number links them, in any number of steps: PatientID, with and without its issuer, and
      other IDs of any of their files. A study without a number counts as a patient. The same person under two numbers that no file
      has together is not recognised.

      ## Privacy
      \(summary.privacy)

      ## Uses
      \(use)

      ## Distribution
      Licence: \(Self.cell(description.licence)).

      ## Maintenance
      Run the export again to bring it up to date. `sha256sum -c SHA256SUMS` checks the files.

      """
  }

  private var table: String {
    summary.classes.map { item in
      let counts = ExportParameters.splits.map { String(item.images[$0] ?? 0) }
      return
        "| \(item.index) | \(item.cluster) | \(Self.cell(item.name ?? "")) | \(item.trust) | \(counts.joined(separator: " | ")) |"
    }.joined(separator: "\n")
  }

  private var warning: String {
    let thin = summary.classes.filter { item in
      ExportParameters.splits.contains { (item.images[$0] ?? 0) == 0 }
    }.map(\.cluster)
    guard !thin.isEmpty else { return "" }
    return "\nWithout images in some split: \(thin.joined(separator: ", ")).\n"
  }

  private var files: String {
    var files = [
      ("labels.csv, labels.jsonl", "every image with the columns below"),
      (
        ClassList.name,
        "every class that was ever exported here: its number, cluster, name, trust, successor"
      ),
      (NPZFile.name, "vectors of the units, and each row's unit"),
      (Croissant.name, "Croissant 1.0 metadata"), ("manifest.json", "options and counts"),
    ]
    if summary.parameters.format != .dicom {
      files.insert(("SPLIT/CLUSTER/*.png", "the images"), at: 0)
      files.insert(("SPLIT/metadata.csv", "the columns for `datasets`"), at: 2)
    }
    if hasShards { files.append(("webdataset/*.tar", "the images and columns in shards")) }
    return files.map { "| `\($0)` | \($1) |" }.joined(separator: "\n")
  }

  private var use: String {
    guard summary.parameters.format != .dicom else {
      return "`labels.csv` names the DICOM files and their classes."
    }
    return """
      `torchvision.datasets.ImageFolder("train")` numbers the clusters of a split alphabetically; use the column `class`, or take
      numbers from `classes.json`, to have the same in every split and export. `datasets.load_dataset("imagefolder", data_dir=".")`
      has all columns. `numpy.load("\(NPZFile.name)")` has the vectors: `embeddings[row_unit[i]]` belongs to row i of labels.csv.
      """
  }

  /// Text of a person in a table or a line.
  private static func cell(_ text: String) -> String {
    var cell = ""
    for character in text {
      if "|\\<>`*_[]#".contains(character) { cell.append("\\") }
      cell.append(character)
    }
    return cell
  }
}
