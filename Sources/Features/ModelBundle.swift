import Core
import Foundation

/// Frozen models: a folder named by the hash of its content and never changed once written. The same input and bundle
/// give the same embedding to the last bit.
package struct ModelBundle: Sendable {
  package let manifest: Manifest
  /// The hash that names it: 16 hexadecimal characters.
  package let hash: String
  package let image: ImageEncoder?
  package let tags: TagEncoder?
  package let text: TextEncoder?
  package let fusion: Fusion
  /// Files that other modules keep in a bundle, by name.
  package let attachments: [String: Data]

  package struct Manifest: Sendable, Codable, Equatable {
    package static let currentSchema = 2

    package var schema = Manifest.currentSchema
    package var software: String
    /// SHA-256 over the digests of the training files, sorted.
    package var corpusDigest: String
    package var trainingUnits: Int
    package var trainingImages: Int
    package var trainingTexts: Int
    package var seed: UInt64
    package var imageSide: Int
    package var leakingTags: Bool
    package var language: String
    /// The method of each source and of their fusion.
    package var extractors: [String: String]
    /// The experiment that chose them, with its metrics; `nil` if the configuration did.
    package var selection: String?
    package var layout: BlockLayout
    /// SHA-256 of each file by name.
    package var files: [String: String] = [:]
  }

  package init(
    manifest: Manifest, image: ImageEncoder?, tags: TagEncoder?, text: TextEncoder?, fusion: Fusion,
    attachments: [String: Data] = [:]
  ) throws {
    var manifest = manifest
    let files = try Self.files(image, tags, text, fusion, attachments)
    manifest.files = files.mapValues { SHA256Digest.hexadecimal($0) }
    self.manifest = manifest
    hash = String(SHA256Digest.hexadecimal(try Self.encode(manifest)).prefix(16))
    self.image = image
    self.tags = tags
    self.text = text
    self.fusion = fusion
    self.attachments = attachments
  }

  /// The same models with more files.
  package func attaching(_ files: [String: Data]) throws -> ModelBundle {
    try ModelBundle(
      manifest: manifest, image: image, tags: tags, text: text, fusion: fusion,
      attachments: attachments.merging(files) { $1 })
  }

  /// Writes the bundle below `folder`; a bundle of the same content is left as it is.
  ///
  /// - Returns: the bundle's own folder.
  /// - Throws: `FileError`.
  @discardableResult
  package func write(below folder: String) throws -> String {
    let path = folder + "/" + hash
    if FileManager.default.fileExists(atPath: path + "/manifest.json") { return path }
    let temporary = path + ".tmp-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.removeItem(atPath: temporary)
    try makeFolder(temporary)
    for (name, data) in try Self.files(image, tags, text, fusion, attachments) {
      try writeAtomically(data, to: temporary + "/" + name)
    }
    try writeAtomically(Self.encode(manifest), to: temporary + "/manifest.json")
    try? FileManager.default.removeItem(atPath: path)
    guard rename(temporary, path) == 0 else { throw FileError(path: path) }
    syncFolder(folder)
    return path
  }

  /// Reads a bundle and checks every hash.
  ///
  /// - Parameter programs: whose programs to load; if left out, `image` is `nil` for a bundle that has one.
  /// - Throws: `FeatureError` or `FileError`, naming the file that is missing, changed, too new or not allowed.
  package init(contentsOf path: String, programs: ProgramConsent = .own) throws {
    let written = try readFile(path + "/manifest.json")
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: written) else {
      throw FeatureError("\(path)/manifest.json is not a bundle manifest")
    }
    guard manifest.schema == Manifest.currentSchema else {
      throw FeatureError(
        "\(path): bundle schema \(manifest.schema); this version reads \(Manifest.currentSchema)")
    }
    var files: [String: Data] = [:]
    for (name, digest) in manifest.files {
      guard !name.contains("/") else {
        throw FeatureError("\(path)/manifest.json names a file in another folder")
      }
      let isProgram = name == TorchScriptEncoder.fileName
      guard
        let data = isProgram
          ? try programs.read(path + "/" + name) : try readFile(path + "/" + name)
      else { continue }
      guard SHA256Digest.hexadecimal(data) == digest else {
        throw FeatureError(
          "\(path)/\(name) was changed: its hash differs from the manifest's; restore the bundle")
      }
      files[name] = data
    }
    if case .leftOut = programs, manifest.files[TorchScriptEncoder.fileName] != nil {
      files["image.json"] = nil
    }
    let decoder = JSONDecoder()
    decoder.userInfo[TorchScriptEncoder.programKey] = files.removeValue(
      forKey: TorchScriptEncoder.fileName)
    func model<Model: Decodable>(_ name: String, _ type: Model.Type) throws -> Model? {
      try files.removeValue(forKey: name).map {
        do { return try decoder.decode(type, from: $0) } catch {
          throw FeatureError("\(path)/\(name) can't be read: \(error)")
        }
      }
    }
    self.manifest = manifest
    hash = String(SHA256Digest.hexadecimal(written).prefix(16))
    image = try model("image.json", ImageEncoder.self)
    tags = try model("tags.json", TagEncoder.self)
    text = try model("text.json", TextEncoder.self)
    guard let fusion = try model("fusion.json", Fusion.self) else {
      throw FeatureError("\(path): fusion.json is missing")
    }
    self.fusion = fusion
    attachments = files
  }

  private static func files(
    _ image: ImageEncoder?, _ tags: TagEncoder?, _ text: TextEncoder?, _ fusion: Fusion,
    _ attachments: [String: Data]
  ) throws -> [String: Data] {
    var files = attachments
    files["image.json"] = try image.map(encode)
    files[TorchScriptEncoder.fileName] = image?.program
    files["tags.json"] = try tags.map(encode)
    files["text.json"] = try text.map(encode)
    files["fusion.json"] = try encode(fusion)
    return files
  }

  private static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return try encoder.encode(value)
  }
}
