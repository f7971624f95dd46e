import Core
import Foundation
import Store

/// `classes.json`: a number for each cluster that this folder has ever exported. A cluster keeps its number through
/// later exports, and no other cluster gets it, so that models trained on an earlier export still mean the same.
struct ClassList {
  struct Entry: Codable {
    var index: Int
    /// Label of the cluster.
    var cluster: String
    var name: String?
    var trust: String
    /// Label of the cluster that it resolves to since it ended; `nil` while it lives.
    var successor: String?
    /// By split.
    var images: [String: Int]
    var studies: Int
  }

  static let name = "classes.json"

  /// In order of index.
  private(set) var entries: [Entry]

  /// - Parameters:
  ///   - data: the file of the last export into the folder.
  ///   - clusters: all of the store.
  ///   - resolve: the living cluster of an ended one.
  /// - Throws: `FileError` when the file can't be read; what `resolve` throws.
  init(
    _ data: Data?, _ rows: [ExportRow], _ clusters: [ClusterRecord],
    resolve: (Int) throws -> Int?
  ) throws {
    do { entries = try data.map { try JSONDecoder().decode([Entry].self, from: $0) } ?? [] } catch {
      throw FileError(
        path: Self.name,
        problem:
          "can't be read: restore it, since models depend on its numbers, or give another folder")
    }
    let grouped = Dictionary(grouping: rows, by: \.cluster)
    var known = Set(entries.map(\.cluster))
    let next = (entries.map(\.index).max() ?? -1) + 1
    let new = clusters.map { ClusterRecord.label($0.id) }.filter {
      grouped[$0] != nil && known.insert($0).inserted
    }
    entries += new.enumerated().map { place, label in
      Entry(index: next + place, cluster: label, trust: "", images: [:], studies: 0)
    }
    let records = Dictionary(
      uniqueKeysWithValues: clusters.map { (ClusterRecord.label($0.id), $0) })
    for place in entries.indices {
      let rows = grouped[entries[place].cluster] ?? []
      entries[place].images = Dictionary(
        uniqueKeysWithValues: ExportParameters.splits.map { split in
          (split, rows.count { $0.split == split })
        })
      entries[place].studies = Set(rows.map(\.studyKey)).count
      guard let record = records[entries[place].cluster] else { continue }
      (entries[place].name, entries[place].trust) = (record.name, record.trust)
      entries[place].successor =
        record.retired == nil ? nil : try resolve(record.id).map(ClusterRecord.label)
    }
  }

  /// Index by label.
  var indices: [String: Int] {
    Dictionary(uniqueKeysWithValues: entries.map { ($0.cluster, $0.index) })
  }

  /// Entries with images.
  var exported: [Entry] { entries.filter { $0.studies > 0 } }

  var data: Data {
    let lines = entries.map { entry in
      let line: JSON = [
        "index": .int(entry.index), "cluster": .string(entry.cluster),
        "name": .optional(entry.name), "trust": .string(entry.trust),
        "successor": .optional(entry.successor),
        "images": .object(
          ExportParameters.splits.map { ($0, .int(entry.images[$0] ?? 0)) }),
        "studies": .int(entry.studies),
      ]
      return line.encoded
    }
    return Data(("[\n" + lines.joined(separator: ",\n") + "\n]\n").utf8)
  }
}
