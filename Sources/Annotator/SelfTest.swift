import Core
import Decoding
import Foundation
import Glibc

/// Whether what is installed works, before any patient's file is touched.
enum SelfTest {
  private static let side = 64

  /// Has a sandboxed worker decode a compressed file with a ramp, and looks at the picture.
  ///
  /// - Throws: `FileError` naming the worker when it can't be started or decodes wrongly.
  static func run(_ configuration: Configuration) throws {
    // In the state folder, where other users cannot plant a link; the next start replaces what a killed one left.
    let path = configuration.state.directory + "/self-test.dcm"
    unlink(path)
    defer { unlink(path) }
    do { try write(path) } catch {
      return Log.warning("self-test left out: its file can't be written (\(error))")
    }
    let executable = DecodingWorker.defaultExecutable
    // Not handed on to intake: it ends with the thread that started it (PR_SET_PDEATHSIG).
    let worker = DecodingWorker(
      .init(
        executable: executable, instance: .init(side: side, frames: 1),
        timeout: configuration.decoding.timeout, memory: configuration.decoding.memory))
    // A worker that somebody killed meanwhile proves nothing.
    var problem: String?
    for _ in 0..<3 {
      problem = self.problem(of: worker, path)
      if problem == nil { return }
    }
    throw FileError(
      path: executable, problem: "the decoding worker failed its self-test: \(problem ?? "")")
  }

  private static func problem(of worker: DecodingWorker, _ path: String) -> String? {
    do {
      switch try worker.decode(path) {
      case .success((_, let images)):
        let row = images.first.map { Array($0.pixels.prefix(side)) } ?? []
        let isRamp = row.first == 0 && row.last == 255 && row == row.sorted()
        return isRamp ? nil : "a picture of its own came out wrong"
      case .failure(let rejection): return "a file of its own was rejected: \(rejection.detail)"
      }
    } catch { return "\(error)" }
  }

  private static func write(_ path: String) throws {
    let writer = try DICOMWriter()
    for (tag, value) in [
      (0x0008_0016, "1.2.840.10008.5.1.4.1.1.2"), (0x0008_0018, "2.25.1"), (0x0008_0060, "CT"),
      (0x0020_000d, "2.25.2"), (0x0020_000e, "2.25.3"), (0x0028_0002, "1"),
      (0x0028_0004, "MONOCHROME2"), (0x0028_0010, "\(side)"), (0x0028_0011, "\(side)"),
      (0x0028_0100, "16"), (0x0028_0101, "12"), (0x0028_0102, "11"), (0x0028_0103, "0"),
    ] as [(UInt32, String)] { try writer.set(tag, value) }
    let ramp = (0..<side).map { UInt16($0 * 4095 / (side - 1)) }
    try writer.setPixels((0..<side).flatMap { _ in ramp })
    try writer.save(path, transferSyntax: "1.2.840.10008.1.2.4.70")
  }
}
