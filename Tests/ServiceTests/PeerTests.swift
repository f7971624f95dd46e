import Core
import Foundation
import Store
import TestSupport
import Testing

/// A real PACS peer: DCMTK's storage service receives studies over the network into the watched folder.
@Suite(.endsHang) struct PeerTests {
  private static let receiver = "/usr/bin/storescp"

  /// A port that was free a moment ago.
  private static func freePort() -> UInt16? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let found = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    return found ? UInt16(bigEndian: address.sin_port) : nil
  }

  private func process(_ path: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  @Test(arguments: [[], ["--sort-on-study-uid", "study"]])
  func `every study that a PACS sends is annotated`(_ options: [String]) throws {
    try #require(
      FileManager.default.isExecutableFile(atPath: Self.receiver),
      "dcmtk is missing: scripts/dependencies")
    let port = try #require(Self.freePort())
    let site = try Site(quiet: 2, bootstrap: 12)
    let sender = try Site()
    try sender.simulate(15)
    // storescp stores only DICOM, no report files.
    try? FileManager.default.removeItem(atPath: sender.input + "/reports")
    let daemon = try site.start()
    let receiver = try process(
      Self.receiver, ["--output-directory", site.input] + options + ["+xa", "\(port)"])
    defer {
      // A child of the test may have SIGTERM blocked.
      kill(receiver.processIdentifier, SIGKILL)
      daemon.terminate()
    }
    // It may take a moment until it listens.
    #expect(
      try eventually(within: 30) {
        let echo = try process("/usr/bin/echoscu", ["localhost", "\(port)"])
        echo.waitUntilExit()
        return echo.terminationStatus == 0
      })
    // storescu sends the files that fit the proposed transfer syntax; files sent again are duplicates.
    for syntax in ["little", "lossless", "rle", "jls-lossless"] {
      let sent = try process(
        "/usr/bin/storescu",
        [
          "--scan-directories", "--recurse", "--no-halt", "--propose-\(syntax)", "localhost",
          "\(port)", sender.input,
        ])
      sent.waitUntilExit()
      #expect(sent.terminationStatus == 0)
    }
    let isDone = eventually { site.annotated == 15 }
    let state = try site.control(["status"])
    #expect(isDone, "\(state)")
    try site.checkConsistency()
    // On a busy machine a writer may pause longer than the settle time: a file read too early is read again.
    #expect(try SQLiteStore(path: site.store, readOnly: true).quarantined().isEmpty)
  }
}
