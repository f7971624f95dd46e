import Core
import Foundation

/// Everything in an export besides its images.
struct ExportContents {
  private let rows: [ExportRow]
  private let units: ExportUnits
  private let summary: ExportSummary
  private let classes: ClassList
  private let shards: [WebDatasetShard]
  private let folder: ExportFolder

  init(
    _ summary: ExportSummary, _ units: ExportUnits, _ classes: ClassList, _ folder: ExportFolder
  ) {
    rows = summary.rows
    self.units = units
    self.summary = summary
    self.classes = classes
    self.folder = folder
    let size = summary.parameters.format == .dicom ? nil : summary.parameters.shardSize
    shards = size.map { WebDatasetShard.shards(summary.rows, size: $0) } ?? []
  }

  func write() throws {
    let description = { (digests: [String: String]) in
      let croissant = Croissant(summary: summary, digests: digests, shards: shards.map(\.name))
      return Data((croissant.json.encoded + "\n").utf8)
    }
    try folder.finish(rows, files, description: (Croissant.name, description))
  }

  private var files: [ExportFile] {
    let (rows, units, summary, folder) = (rows, units, summary, folder)
    var files = [
      ExportFile(ClassList.name, classes.data),
      ExportFile("labels.csv", Self.table(rows, ExportColumn.all)),
      ExportFile("labels.jsonl", Data(rows.map { $0.json.encoded + "\n" }.joined().utf8)),
      ExportFile(NPZFile.name) { try NPZFile.write(units.keys, units.points, rows, to: $0) },
      ExportFile("manifest.json", Data((summary.manifest.encoded + "\n").utf8)),
      ExportFile(
        "README.md", Data(Datasheet(summary: summary, hasShards: !shards.isEmpty).text.utf8)),
    ]
    if summary.parameters.format != .dicom {
      files += ExportParameters.splits.compactMap { split in
        let rows = rows.filter { $0.split == split }
        return rows.isEmpty ? nil : ExportFile("\(split)/metadata.csv", Self.metadata(rows))
      }
    }
    files += shards.map { shard in
      ExportFile(shard.name) { descriptor in
        try shard.write(to: descriptor) { row in
          guard let data = try folder.read(row.file) else {
            throw FileError(
              path: row.file, problem: "was removed during the export: start it again")
          }
          return data
        }
      }
    }
    return files
  }

  private static func table(_ rows: [ExportRow], _ columns: [ExportColumn]) -> Data {
    let lines = [ExportColumn.head(columns)] + rows.map { ExportColumn.csv($0, columns) }
    return Data(lines.map { $0 + "\n" }.joined().utf8)
  }

  /// For Hugging Face's `imagefolder`, which reads one beside the images of each split, with paths relative to it.
  private static func metadata(_ rows: [ExportRow]) -> Data {
    let columns = ExportColumn.all.filter { !["file", "split"].contains($0.name) }
    let lines = rows.map { row in
      CSV.field(String(row.file.dropFirst(row.split.count + 1))) + ","
        + ExportColumn.csv(row, columns)
    }
    return Data(
      (["file_name," + ExportColumn.head(columns)] + lines).map { $0 + "\n" }.joined().utf8)
  }
}
