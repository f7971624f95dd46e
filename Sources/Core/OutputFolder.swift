import Foundation
import Glibc
import Synchronization

/// A folder that a command fills for its user: empty at first, or filled by the same command before. A marker in it
/// records each file before it is written. Nothing else in it is ever replaced, moved or removed, and no link is
/// followed: a user who can write into the folder can't turn the command, which may run as root, against other files.
/// Root works there with the rights of the folder's owner, and a marker of another user is refused.
package final class OutputFolder: Sendable {
  package enum Kind: String, Sendable { case report, export, evaluation, simulation }

  private struct Record {
    /// Paths relative to the folder; those of folders end in a slash.
    var known: Set<String>
    let marker: FileHandle
  }

  package let path: String
  private let root: OpenFolder
  private let record: Mutex<Record>
  private let modes: (file: mode_t, folder: mode_t)

  static let markerName = ".radiologynet-output"

  /// - Parameters:
  ///   - isPublic: whether others may read the output.
  ///   - configuration: of the service whose folders are refused: files in a watched folder are taken for a study.
  /// - Throws: `FileError` when the folder is refused, holds something else, or another process fills it.
  package init(
    _ path: String, _ kind: Kind, isPublic: Bool = false, apartFrom configuration: Configuration?
  ) throws {
    modes = isPublic ? (0o644, 0o755) : (0o640, 0o750)
    if let configuration { try Self.refuse(path, in: configuration) }
    let opened = try OpenFolder(making: path)
    (root, self.path) = (opened, opened.path)
    record = Mutex(try asOwner(of: opened) { [modes] in try Self.open(opened, kind, modes.file) })
  }

  /// Reads or makes the marker.
  private static func open(_ root: OpenFolder, _ kind: Kind, _ mode: mode_t) throws -> Record {
    let names = try root.names()
    let isOurs = names.contains(markerName)
    if let other = names.first, !isOurs {
      throw FileError(
        path: root.path,
        problem:
          "is not empty and holds no \(kind.rawValue) of radiologynet (\(other) is in it): give another folder, or an empty one",
        exitCode: .cannotCreate)
    }
    let marker =
      isOurs
      ? try root.open(markerName, O_RDWR | O_APPEND) : try root.create(markerName, mode: mode)
    let handle = FileHandle(fileDescriptor: marker, closeOnDealloc: true)
    guard root.isOwners(marker) else {
      throw FileError(
        path: root.path + "/" + markerName,
        problem:
          "doesn't belong to the folder's owner, or others may write it: give another folder",
        exitCode: .cannotCreate)
    }
    guard flock(marker, LOCK_EX | LOCK_NB) == 0 else {
      throw FileError(
        path: root.path, problem: "another process writes there", exitCode: .temporaryFailure)
    }
    let head = "radiologynet \(kind.rawValue)"
    let text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // A run that was killed at once leaves an empty marker.
    guard lines.first.map(String.init) == head || (text.isEmpty && names.count <= 1) else {
      throw FileError(
        path: root.path,
        problem:
          "is not empty and holds no \(kind.rawValue) of radiologynet (\(markerName) says: \(lines[0].prefix(40))): give another folder",
        exitCode: .cannotCreate)
    }
    if text.isEmpty { try handle.write(contentsOf: Data((head + "\n").utf8)) }
    // The last line of a run that was killed may be cut off.
    if text.last.map({ $0 != "\n" }) == true { try handle.write(contentsOf: Data("\n".utf8)) }
    for name in names where name.hasPrefix(temporaryPrefix) { try root.remove(name) }
    return Record(known: known(lines.dropFirst().dropLast()), marker: handle)
  }

  private static func refuse(_ path: String, in configuration: Configuration) throws(FileError) {
    let (intake, state) = (configuration.intake, configuration.state)
    for (key, folder) in [
      ("intake.input", intake.input), ("intake.reports", intake.reports),
      ("state.directory", state.directory),
    ] where lies(path, in: folder) || lies(Self.withoutDots(path), in: folder) {
      throw FileError(
        path: path,
        problem: "lies in \(folder), which is the service's (\(key)): give a folder elsewhere",
        exitCode: .cannotCreate)
    }
  }

  /// A path with `..` resolved by name, even below folders that don't exist yet.
  private static func withoutDots(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "./") + parts.joined(separator: "/")
  }

  /// Whether a path leads into a folder, by any route: it compares folders, not names.
  private static func lies(_ path: String, in folder: String) -> Bool {
    var (target, place) = (stat(), stat())
    guard stat(folder, &target) == 0 else { return false }
    var current = path.nearestExisting
    guard stat(current, &place) == 0 else { return false }
    while true {
      if (place.st_dev, place.st_ino) == (target.st_dev, target.st_ino) { return true }
      let before = (place.st_dev, place.st_ino)
      current += "/.."
      guard stat(current, &place) == 0, (place.st_dev, place.st_ino) != before else { return false }
    }
  }

  private static func known(_ lines: some Sequence<Substring>) -> Set<String> {
    lines.reduce(into: []) { known, line in
      let path = String(line.dropFirst())
      switch line.first {
      case "+": known.insert(path)
      case "-": known.remove(path)
      default: break
      }
    }
  }

  private static let temporaryPrefix = "\(markerName)."

  private func note(_ sign: String, _ path: String, _ record: inout Record) throws {
    guard record.known.contains(path) != (sign == "+") else { return }
    try record.marker.write(contentsOf: Data("\(sign)\(path)\n".utf8))
    if sign == "+" { record.known.insert(path) } else { record.known.remove(path) }
  }

  /// A path's folders and its name. No component may lead elsewhere.
  private static func parts(_ path: String) throws -> (folders: [String], name: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !["", ".", ".."].contains($0) && !$0.contains("\n") }) else {
      throw FileError(path: path, problem: "is not a valid output path", exitCode: .cannotCreate)
    }
    return (Array(parts.dropLast()), parts[parts.count - 1])
  }

  /// The folder that holds a path; `nil` if it doesn't exist.
  private func folder(of path: String) throws -> (OpenFolder, name: String)? {
    let (folders, name) = try Self.parts(path)
    var folder = root
    for part in folders {
      guard folder.look(part).isThere else { return nil }
      folder = try folder.subfolder(part)
    }
    return (folder, name)
  }

  /// Makes the folder that holds a path and records the path as ours; throws if another's file is there.
  private func claim(_ path: String) throws -> (OpenFolder, name: String) {
    let (folders, name) = try Self.parts(path)
    return try record.withLock { record in
      let folder = try enter(folders, &record)
      if !record.known.contains(path) {
        guard !folder.look(name).isThere else { throw folder.inTheWay(name) }
        try note("+", path, &record)
      }
      return (folder, name)
    }
  }

  /// Opens a folder below, making it if missing.
  private func enter(_ folders: [String], _ record: inout Record) throws -> OpenFolder {
    var folder = root
    for (index, part) in folders.enumerated() {
      if try folder.make(part, mode: modes.folder) {
        try note("+", folders[...index].joined(separator: "/") + "/", &record)
      }
      folder = try folder.subfolder(part)
    }
    return folder
  }

  /// Writes a file, whole or not at all.
  package func write(_ data: Data, _ path: String) throws {
    try write(path) { descriptor in
      try data.withUnsafeBytes { try writeAll($0, to: descriptor, path: self.path + "/" + path) }
    }
  }

  /// Writes a file, whole or not at all.
  ///
  /// - Parameter fill: receives the descriptor of an empty file.
  package func write(_ path: String, _ fill: (Int32) throws -> Void) throws {
    try asOwner(of: root) { try writeAsOwner(path, fill) }
  }

  private func writeAsOwner(_ path: String, _ fill: (Int32) throws -> Void) throws {
    let (folder, name) = try claim(path)
    let temporary = "\(Self.temporaryPrefix)\(hexadecimal(randomBytes(8)))"
    let descriptor = try root.create(temporary, mode: modes.file)
    defer { close(descriptor) }
    do {
      try fill(descriptor)
      try root.rename(temporary, to: folder, name)
    } catch {
      try? root.remove(temporary)
      throw error
    }
  }

  /// Opens a file for appending.
  package func appending(_ path: String) throws -> FileHandle {
    let descriptor = try asOwner(of: root) {
      let (folder, name) = try claim(path)
      return folder.look(name).isThere
        ? try folder.open(name, O_WRONLY | O_APPEND) : try folder.create(name, mode: modes.file)
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.seekToEnd()
    return handle
  }

  /// Reads a file that was written before; `nil` if there is none.
  package func read(_ path: String) throws -> Data? {
    let descriptor = try asOwner(of: root) { () -> Int32? in
      guard let (folder, name) = try folder(of: path), folder.look(name).isThere else { return nil }
      return try folder.open(name, O_RDONLY)
    }
    guard let descriptor else { return nil }
    return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readToEnd() ?? Data()
  }

  /// Whether a file that was written is still there.
  package func has(_ path: String) -> Bool {
    guard record.withLock({ $0.known.contains(path) }) else { return false }
    let isFile = try? asOwner(of: root) { try folder(of: path).map { $0.0.look($0.name).isFile } }
    return isFile == true
  }

  /// Moves a written file to another path.
  package func move(_ path: String, to other: String) throws {
    guard has(path) else { return }
    try asOwner(of: root) {
      guard let (folder, name) = try folder(of: path) else { return }
      let (target, newName) = try claim(other)
      try folder.rename(name, to: target, newName)
      try record.withLock { try note("-", path, &$0) }
    }
  }

  /// Removes written files that are no longer needed, and folders that this leaves empty.
  package func keepOnly(_ wanted: Set<String>) throws {
    try asOwner(of: root) { try removeOthers(wanted) }
  }

  private func removeOthers(_ wanted: Set<String>) throws {
    let known = record.withLock(\.known)
    for path in known where !path.hasSuffix("/") && !wanted.contains(path) {
      if let (folder, name) = try folder(of: path) { try folder.remove(name) }
      try record.withLock { try note("-", path, &$0) }
    }
    // Innermost first.
    for path in known.filter({ $0.hasSuffix("/") }).sorted(by: { $0.count > $1.count }) {
      guard let (folder, name) = try folder(of: String(path.dropLast())),
        folder.removeEmpty(name)
      else { continue }
      try record.withLock { try note("-", path, &$0) }
    }
  }

  /// Waits until everything written is on the disk.
  package func sync() { Glibc.sync() }

  /// A subfolder, made if missing, as a path that no one can redirect while `body` runs.
  package func withFolder<Value>(_ name: String, _ body: (String) throws -> Value) throws -> Value {
    let folder = try asOwner(of: root) { try record.withLock { try enter([name], &$0) } }
    return try withExtendedLifetime(folder) { try body("/proc/self/fd/\(folder.descriptor)") }
  }
}
