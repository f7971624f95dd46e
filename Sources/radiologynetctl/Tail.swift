import Core
import Foundation
import Glibc

extension Command {
  static let tail = Command(
    name: "tail", summary: "show the annotation log, and follow it", usage: "tail [-f] [-n LINES]",
    details: """
      Prints the last lines of the log (10, or as many as -n says) as a table, or as they are with --json.
      With -f it follows the log, also after a rotation.
      """, examples: ["tail", "tail -f", "--json tail -f | jq 'select(.type == \"annotation\")'"]
  ) { invocation in
    var count = 10
    var follow = false
    var rest = invocation.arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "-f", "--follow": follow = true
      case "-n":
        guard let text = rest.popFirst(), let number = Int(text), number >= 0 else {
          throw UsageError("tail: -n needs a number of lines")
        }
        count = number
      default:
        throw argument.hasPrefix("-")
          ? invocation.unknown(option: argument) : UsageError("tail takes no \(argument)")
      }
    }
    let path = try invocation.configuration().state.log
    var reader = try LogReader(path: path)
    var recent: [String] = []
    while case let lines = try reader.newLines(), !lines.isEmpty {
      recent = (recent + lines).suffix(count)
    }
    for line in recent { show(line, json: invocation.json) }
    while follow {
      usleep(200_000)
      for line in try reader.newLines() { show(line, json: invocation.json) }
    }
  }

  private static func show(_ line: String, json: Bool) {
    print(json ? line : LogLine.text(line))
    fflush(nil)
  }
}

/// Reads whole lines of a growing file that may be rotated.
struct LogReader {
  private let path: String
  private var descriptor: Int32
  private var inode: ino_t = 0
  private var partial: [UInt8] = []

  init(path: String) throws {
    self.path = path
    descriptor = try Self.open(path)
    inode = Self.inode(of: descriptor)
  }

  /// The next lines, about a mebibyte at most; empty at the end of the file.
  mutating func newLines() throws -> [String] {
    let lines = read()
    guard lines.isEmpty else { return lines }
    var information = stat()
    if stat(path, &information) == 0, information.st_ino != inode || information.st_size < offset {
      guard let next = try? Self.open(path) else { return [] }
      close(descriptor)
      descriptor = next
      inode = Self.inode(of: next)
      partial = []
      return read()
    }
    return []
  }

  private static func open(_ path: String) throws -> Int32 {
    try asOwner(of: path.parentFolder) {
      try openToRead(path)
    }
  }

  private var offset: off_t { lseek(descriptor, 0, SEEK_CUR) }

  private mutating func read() -> [String] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      partial += buffer[..<count]
      if partial.count > 1 << 20, buffer[..<count].contains(0x0a) { break }
    }
    guard let end = partial.lastIndex(of: 0x0a) else { return [] }
    let lines = partial[..<end].split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
    partial.removeSubrange(...end)
    return lines
  }

  private static func inode(of descriptor: Int32) -> ino_t {
    var information = stat()
    fstat(descriptor, &information)
    return information.st_ino
  }
}

/// A line of the log as readable text.
enum LogLine {
  static func text(_ line: String) -> String {
    guard let event = try? JSON(parsing: line) else { return line }
    func text(_ key: String) -> String {
      switch event[key] {
      case .string(let text): text
      case .int(let number): String(number)
      case .double(let number): String(format: "%.3f", number)
      case .bool(let flag): flag ? "yes" : "no"
      case .array(let values): values.map { $0.string ?? $0.encoded }.joined(separator: "+")
      case .object(_)?: event[key]?.encoded ?? "-"
      default: "-"
      }
    }
    let head = "\(text("seq").leading(to: 7))  \(text("time"))  \(text("type").padding(to: 18))"
    switch event["type"]?.string {
    case "annotation", "revision":
      let name = event["cluster_name"]?.string.map { " \"\($0)\"" } ?? ""
      let flags = event["novel"]?.bool == true ? "  novel" : ""
      let reason = event["reason"]?.string.map { "  \($0)" } ?? ""
      return head
        + " \(text("unit_key").prefix(12))  \(text("cluster"))\(name)  d=\(text("distance")) "
        + "margin=\(text("margin"))  \(text("modality").padding(to: 3)) \(text("body_part").padding(to: 10)) "
        + "\(text("blocks"))\(flags)\(reason)"
    case "quarantine":
      return head + " \(text("file_key").prefix(12))  \(text("reason")): \(text("detail"))"
    case "lineage":
      return head + " \(text("cluster")) \(text("fate"))"
        + (event["successor"] != nil ? " → \(text("heirs"))" : " from \(text("parents"))")
    case "drift": return head + " " + DriftText.line(event)
    case "recluster_finished":
      return head + " " + (event["figures"].map(MetricsText.line) ?? "")
    default:
      let known: Set = ["seq", "time", "type"]
      guard case .object(let members) = event else { return line }
      return head + " "
        + members.filter { !known.contains($0.key) }.map { "\($0.key)=\(text($0.key))" }
        .joined(separator: " ")
    }
  }
}
