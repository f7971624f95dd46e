import Core
import Store

/// `croissant.json`: the data set described in Croissant 1.0 (JSON-LD), with the vocabulary for responsible AI.
struct Croissant {
  static let name = "croissant.json"

  let summary: ExportSummary
  /// SHA-256 of the export's files, by name.
  let digests: [String: String]
  /// Names of the WebDataset shards.
  let shards: [String]

  var json: JSON {
    let (parameters, generation) = (summary.parameters, summary.generation)
    let description = parameters.description
    return [
      "@context": Self.context, "@type": "sc:Dataset",
      "conformsTo": [
        "http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0",
      ],
      "name": .string(description.title), "description": .string(summary.abstract),
      "license": .string(description.licence),
      "creator": ["@type": "sc:Organization", "name": .string(description.creator)],
      // The same state of the archive gives the same bytes at any time.
      "datePublished": .string(generation.time), "version": .string("\(generation.number).0.0"),
      // Croissant demands one; the data set has no page of its own.
      "url": .string("urn:radiologynet:\(generation.bundle):\(generation.number)"),
      "citeAs":
        "Napravnik et al., Building RadiologyNET: Unsupervised annotation of a large-scale multimodal medical database, arXiv 2308.08517",
      "rai:dataCollection": .string(summary.collection),
      "rai:dataCollectionType": ["Secondary Data analysis"],
      "rai:dataPreprocessingProtocol": [.string(summary.content)],
      "rai:dataAnnotationProtocol": [
        .string(
          "Clusters of fused vectors (\(summary.methods)), generation \(generation.number) over the frozen bundle \(generation.bundle), whose training files have the digest \(summary.corpusDigest). Reviewers named, accepted or rejected clusters; exported: \(parameters.included.rawValue)."
        )
      ],
      "rai:machineAnnotationTools": [
        .string("radiologynet \(softwareVersion)"),
        .string("bundle \(generation.bundle)"),
      ],
      "rai:dataLimitations": [.string(ExportSummary.limitations)],
      "rai:dataUseCases": ["Pretraining of image models"],
      "rai:personalSensitiveInformation": [.string(summary.privacy)],
      "distribution": .array(distribution), "recordSet": .array(recordSets),
    ]
  }

  private var hasImages: Bool { summary.parameters.format != .dicom }

  private var distribution: [JSON] {
    let types = [
      "labels.csv": "text/csv", "labels.jsonl": "application/jsonl",
      ClassList.name: "application/json", NPZFile.name: "application/x-npz",
    ]
    var items = types.sorted { $0.key < $1.key }.compactMap { name, type in
      digests[name].map { Self.file(name, type, sha256: $0) }
    }
    items += shards.compactMap { name in
      digests[name].map { Self.file(name, "application/x-tar", sha256: $0) }
    }
    if hasImages {
      items.append([
        "@type": "cr:FileSet", "@id": "images", "name": "images",
        "description": "PNG files; SHA256SUMS and the column sha256 have their digests",
        "encodingFormat": "image/png",
        "includes": .array(ExportParameters.splits.map { .string("\($0)/*/*.png") }),
      ])
    }
    return items
  }

  private static func file(_ name: String, _ type: String, sha256: String) -> JSON {
    [
      "@type": "cr:FileObject", "@id": .string(name), "name": .string(name),
      "contentUrl": .string(name), "encodingFormat": .string(type), "sha256": .string(sha256),
    ]
  }

  private var recordSets: [JSON] {
    let splits: JSON = [
      "@type": "cr:RecordSet", "@id": "splits", "name": "splits", "dataType": "cr:Split",
      "key": ["@id": "splits/name"],
      "field": [
        Self.field("splits", "name", "sc:Text", "name of a split"),
        Self.field("splits", "url", "sc:URL", "its meaning"),
      ],
      "data": .array(
        zip(ExportParameters.splits, ["Training", "Validation", "Test"]).map { name, word in
          [
            "splits/name": .string(name),
            "splits/url": .string("http://mlcommons.org/croissant/\(word)Split"),
          ]
        }),
    ]
    let labels: JSON = [
      "@type": "cr:RecordSet", "@id": "labels", "name": "labels",
      "description": "one line an image",
      "field": .array(ExportColumn.all.map(Self.field)),
    ]
    guard hasImages else { return [splits, labels] }
    let path: JSON = ["fileSet": ["@id": "images"], "extract": ["fileProperty": "fullpath"]]
    let images: JSON = [
      "@type": "cr:RecordSet", "@id": "images-with-classes", "name": "images-with-classes",
      "description": "each image with its class; other columns are joined by file",
      "field": [
        Self.field("images-with-classes", "file", "sc:Text", "path of the image", source: path),
        Self.field(
          "images-with-classes", "image", "sc:ImageObject", "the image",
          source: ["fileSet": ["@id": "images"], "extract": ["fileProperty": "content"]]),
        Self.field(
          "images-with-classes", "cluster", "sc:Text", "its class: the folder that it lies in",
          source: [
            "fileSet": ["@id": "images"], "extract": ["fileProperty": "fullpath"],
            "transform": ["regex": "^[a-z]+/(c[0-9]+)/"],
          ]),
        Self.field(
          "images-with-classes", "split", "sc:Text", "its split",
          source: [
            "fileSet": ["@id": "images"], "extract": ["fileProperty": "fullpath"],
            "transform": ["regex": "^([a-z]+)/"],
          ]),
      ],
    ]
    return [splits, labels, images]
  }

  private static func field(_ column: ExportColumn) -> JSON {
    field(
      "labels", column.name, column.kind.croissant, column.meaning,
      source: [
        "fileObject": ["@id": "labels.csv"], "extract": ["column": .string(column.name)],
      ])
  }

  private static func field(
    _ set: String, _ name: String, _ type: String, _ meaning: String, source: JSON? = nil
  ) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("@type", "cr:Field"), ("@id", .string("\(set)/\(name)")), ("name", .string(name)),
      ("description", .string(meaning)), ("dataType", .string(type)),
    ]
    if let source { members.append(("source", source)) }
    return .object(members)
  }
}

extension ExportColumn.Kind {
  fileprivate var croissant: String {
    switch self {
    case .text: "sc:Text"
    case .integer: "sc:Integer"
    case .number: "sc:Float"
    case .truth: "sc:Boolean"
    }
  }
}
