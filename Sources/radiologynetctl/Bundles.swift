import Core
import Foundation
import Store

extension Command {
  static let bundle = Command(
    name: "bundle", summary: "frozen models: list, show, verify, activate, approve, import",
    usage: """
      bundle [list]
      bundle show HASH
      bundle verify [HASH] [--input FOLDER]
      bundle activate HASH
      bundle approve HASH
      bundle import-image FILE [FOLDER] [--side N]
      """,
    details: """
      A bundle is a folder of frozen models below the state folder, named by its content.

        list           every bundle, what it was trained on, and the generations over it
        show HASH      its manifest: methods, training metrics, the choice of `train --select`
        verify [HASH] [--input FOLDER]
                       reads every file and compares its hash with the manifest's, then looks in the vocabulary for
                       words that identify, and for names that stand in the headers and HL7 messages of FOLDER
                       (default: intake.input). Only first letter and length are shown; a word may be both a name
                       and an ordinary word. Exit code 65 if there are any
        activate HASH  the bundle to work with: a store without generations opens its first one from it;
                       else the archive is embedded again in the background while annotation continues,
                       and a recluster with lineage opens a new generation over it
        approve HASH   root's consent to the program in a bundle (TorchScript, image.pt), which the daemon doesn't run
                       without: its file becomes root's. Import-image as root does the same
        import-image FILE [FOLDER] [--side N]
                       makes a bundle with an image encoder of your own, exported by torch.jit.save: forward()
                       takes 1 × C × N × N float32 from 0 to 1 (C = 1, or 3 times the same grey; N = 224) and
                       gives one row, of which PCA keeps features.image_components numbers. It is tried out first.
                       Tags, texts and a first clustering are trained on FOLDER (default: intake.input).
                       TorchScript is a program: import only what you trust

      The first four digits of a hash, or more, are enough where no other bundle begins so.
      """,
    examples: [
      "bundle", "bundle show 345e", "bundle verify", "bundle verify 345e --input /srv/pacs-export",
      "bundle activate 345ef27b73837667", "bundle approve 345e",
      "bundle import-image resnet.pt --side 224",
    ]
  ) { invocation in
    if invocation.arguments.first == "import-image" {
      try handOver("import-image", Array(invocation.arguments.dropFirst()), invocation)
    }
    if invocation.arguments.first == "verify" { return try verify(invocation) }
    let words = try invocation.words(atMost: 2)
    let configuration = try invocation.configuration()
    let state = configuration.state.directory
    switch (words.first ?? "list", words.dropFirst().first) {
    case ("list", nil): try asOwner(of: state) { try list(configuration, json: invocation.json) }
    case ("show", let hash?):
      let folder = try asOwner(of: state) { try BundleFolder(configuration, hash: hash) }
      print(invocation.json ? folder.manifest.encoded : folder.description)
    case ("activate", let hash?):
      let effect = try asOwner(of: state) { try activate(configuration, hash: hash) }
      show(effect, invocation)
    case ("approve", let hash?): show(try approve(configuration, hash: hash), invocation)
    case ("show", nil), ("activate", nil), ("approve", nil):
      throw UsageError("bundle \(words[0]) takes the hash of a bundle")
    case (let word, _): throw invocation.unknown(word: word)
    }
  }

  private static func list(_ configuration: Configuration, json: Bool) throws {
    let folders = try BundleFolder.all(configuration)
    let generations =
      FileManager.default.fileExists(atPath: configuration.state.store)
      ? try configuration.state.storeLocation.open(readOnly: true).generations() : []
    for folder in folders {
      let numbers = generations.filter { $0.bundle == folder.hash }.map(\.number).sorted()
      if json {
        print(
          JSON.object([
            ("bundle", .string(folder.hash)), ("generations", .array(numbers.map { .int($0) })),
            ("manifest", folder.manifest),
          ]).encoded)
      } else {
        let use =
          numbers.isEmpty
          ? "unused" : "generations \(numbers.map(String.init).joined(separator: ", "))"
        print("\(folder.hash)  \(folder.summary)  \(use)")
      }
    }
    if folders.isEmpty && !json { print("there are no bundles in \(configuration.state.bundles)") }
  }

  private static func verify(_ invocation: Invocation) throws {
    var words = Array(invocation.arguments.dropFirst())
    var options: [String] = []
    if let place = words.firstIndex(of: "--input") {
      guard place + 1 < words.count else { throw UsageError("--input needs a folder") }
      options = Array(words[place...place + 1])
      words.removeSubrange(place...place + 1)
    }
    guard words.count <= 1, words.first?.hasPrefix("-") != true else {
      throw UsageError("bundle verify takes one bundle; see radiologynetctl help bundle")
    }
    let hash = words.first
    let configuration = try invocation.configuration()
    let folders = try asOwner(of: configuration.state.directory) {
      try
        (hash.map { [try BundleFolder(configuration, hash: $0)] }
        ?? BundleFolder.all(configuration)).map { ($0.hash, $0.problems()) }
    }
    var damaged = 0
    for (hash, problems) in folders {
      damaged += problems.isEmpty ? 0 : 1
      print(
        invocation.json
          ? JSON.object([
            ("bundle", .string(hash)), ("problems", .array(problems.map(JSON.string))),
          ]).encoded
          : "\(hash)  \(problems.isEmpty ? "good" : problems.joined(separator: "; "))")
    }
    guard damaged == 0 else {
      throw CommandError("restore damaged bundles from a backup, or train new ones", .data)
    }
    guard !folders.isEmpty else { return }
    // exec discards what stdio has buffered.
    fflush(nil)
    try handOver("verify-words", folders.map(\.0) + options, invocation)
  }

  /// A bundle whose files match its manifest.
  private static func whole(_ configuration: Configuration, hash: String) throws -> BundleFolder {
    let folder = try BundleFolder(configuration, hash: hash)
    let problems = folder.problems()
    guard problems.isEmpty else {
      throw CommandError("\(folder.hash) is damaged: \(problems.joined(separator: "; "))", .data)
    }
    return folder
  }

  /// What was done to a bundle.
  private typealias Effect = (bundle: String, text: String)

  private static func show(_ effect: Effect, _ invocation: Invocation) {
    print(
      invocation.json
        ? JSON.object([
          ("ok", true), ("bundle", .string(effect.bundle)), ("effect", .string(effect.text)),
        ]).encoded : "\(effect.bundle): \(effect.text)")
  }

  private static func approve(_ configuration: Configuration, hash: String) throws -> Effect {
    let folder = try asOwner(of: configuration.state.directory) {
      try whole(configuration, hash: hash)
    }
    guard let name = BundleHash(folder.hash),
      let digest = folder.manifest["files"]?[ProgramConsent.fileName]?.string
    else { return (folder.hash, "holds no program; nothing to approve") }
    guard folder.consentProblem(configuration) != nil else {
      return (folder.hash, "its program may run already")
    }
    try ProgramConsent.approve(name, state: configuration.state.directory, digest: digest)
    if let problem = folder.consentProblem(configuration) {
      throw CommandError("\(problem)", .permission)
    }
    return (folder.hash, "its program may run; change to it with: bundle activate \(folder.hash)")
  }

  private static func activate(_ configuration: Configuration, hash: String) throws -> Effect {
    let folder = try whole(configuration, hash: hash)
    if let problem = folder.consentProblem(configuration) {
      throw CommandError("\(problem)", .permission)
    }
    let request: JSON = [
      "version": .int(ControlSocket.version), "command": "activate", "bundle": .string(folder.hash),
    ]
    if ControlSocket.isServed(configuration.state.socket) {
      let answer = try ControlSocket.ask(configuration.state.socket, request, timeout: 60).checked()
      return (folder.hash, answer["effect"]?.string ?? "active")
    }
    try writeAtomically(Data((folder.hash + "\n").utf8), to: configuration.state.activeBundle)
    return (folder.hash, "radiologynetd changes to it when it starts")
  }
}

/// A bundle on disk; reading it needs none of the model libraries.
struct BundleFolder: CustomStringConvertible {
  let path: String
  let hash: String
  let manifest: JSON
  private let bytes: Data
  private static let shortest = 4

  private init(path: String) throws {
    self.path = path
    hash = path.fileName
    bytes = try readFile(path + "/manifest.json", atMost: 1 << 24)
    manifest = try JSON(parsing: String(decoding: bytes, as: UTF8.self))
  }

  /// - Parameter hash: the bundle's hash, or a unique prefix of at least four digits.
  init(_ configuration: Configuration, hash: String) throws {
    guard hash.utf8.count >= Self.shortest, hash.allSatisfy(\.isHexDigit) else {
      throw UsageError(
        "a bundle is named by its hash, or by at least the first \(Self.shortest) digits of it, not \"\(hash)\""
      )
    }
    let found = try Self.all(configuration).filter { $0.hash.hasPrefix(hash) }
    guard let first = found.first, found.count == 1 else {
      throw CommandError(
        found.isEmpty
          ? "there is no bundle \(hash) in \(configuration.state.bundles)"
          : "\(hash) may be \(found.map(\.hash).joined(separator: " or "))", .noInput)
    }
    self = first
  }

  static func all(_ configuration: Configuration) throws -> [BundleFolder] {
    let folder = configuration.state.bundles
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.sorted().map { folder + "/" + $0 }
      .filter { FileManager.default.fileExists(atPath: $0 + "/manifest.json") }
      .map { try BundleFolder(path: $0) }
  }

  private var methods: String {
    ["image", "tags", "text", "fusion"]
      .compactMap { key in manifest["extractors"]?[key]?.string.map { "\(key) \($0)" } }
      .joined(separator: ", ")
  }

  var summary: String {
    "\(manifest["trainingUnits"]?.int ?? 0) units, \(manifest["trainingImages"]?.int ?? 0) images, "
      + "\(manifest["trainingTexts"]?.int ?? 0) texts; \(methods)"
  }

  var description: String {
    let lengths = manifest["layout"]?["lengths"]?.array?.compactMap(\.int) ?? []
    let weights = manifest["layout"]?["weights"]?.array?.compactMap(\.double) ?? []
    return """
      bundle \(hash)
        software    \(manifest["software"]?.string ?? "?"), schema \(manifest["schema"]?.int ?? 0), seed \(manifest["seed"]?.int ?? 0)
        trained on  \(summary)
        archive     \(manifest["corpusDigest"]?.string ?? "?")
        dimensions  \(lengths.map(String.init).joined(separator: " + ")) (image, tags, text), weights \(weights.map { "\($0)" }.joined(separator: " : "))
        tags        \(manifest["leakingTags"]?.bool == true ? "with" : "without") those that name modality and body part
        language    \(manifest["language"]?.string ?? "?")
        chosen      \(manifest["selection"]?.string ?? "by the configuration")
      """
  }

  /// Why the daemon won't run the bundle's program; `nil` if it will, or if there is no program.
  func consentProblem(_ configuration: Configuration) -> FileError? {
    ProgramConsent(configuration: configuration.path).problem(
      path + "/" + ProgramConsent.fileName)
  }

  /// Differences between the files and the manifest.
  func problems() -> [String] {
    var problems: [String] = []
    if SHA256Digest.hexadecimal(bytes).prefix(16) != hash {
      problems.append("manifest.json was changed")
    }
    guard case .object(let files)? = manifest["files"] else {
      return problems + ["manifest.json lists no files"]
    }
    for (name, digest) in files {
      guard !name.contains("/") else {
        problems.append("manifest.json names a file in another folder")
        continue
      }
      do {
        if try SHA256Digest.hexadecimal(readFile(path + "/" + name)) != digest.string {
          problems.append("\(name) was changed")
        }
      } catch {
        problems.append("\(error)")
      }
    }
    return problems
  }
}
