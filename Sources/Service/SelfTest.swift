import Core
import Decoding
import Foundation
import Glibc

/// Checks that the installed decoder works before any patient's file is read.
enum SelfTest {
  private static let side = 64

  /// Decodes a compressed file with a ramp in a sandboxed worker and checks the image.
  ///
  /// - Throws: `FileError` naming the worker when it can't be started or decodes wrongly.
  static func run(_ configuration: Configuration) throws {
    // In the state folder, where other users can't plant a link. The next start replaces what a killed one left.
    let path = configuration.state.directory + "/self-test.dcm"
    unlink(path)
    defer { unlink(path) }
    do { try write(path) } catch {
      return Log.warning("self-test skipped: its file can't be written (\(error))")
    }
    let executable = DecodingWorker.defaultExecutable
    // Not passed on to intake: it ends with the thread that started it (PR_SET_PDEATHSIG).
    let worker = DecodingWorker(
      .init(
        executable: executable, instance: .init(side: side, frames: 1),
        timeout: configuration.decoding.timeout, memory: configuration.decoding.memory))
    // Retry: a worker that someone killed meanwhile proves nothing.
    var problem: String?
    for _ in 0..<3 {
      problem = self.problem(of: worker, path)
      if problem == nil { return }
    }
    throw FileError(
      path: executable, problem: "the decoding worker failed its self-test: \(problem ?? "")",
      exitCode: .unavailable)
  }

  private static func problem(of worker: DecodingWorker, _ path: String) -> String? {
    do {
      switch try worker.decode(path) {
      case .success((_, let images)):
        let row = images.first.map { Array($0.pixels.prefix(side)) } ?? []
        let isRamp = row.first == 0 && row.last == 255 && row == row.sorted()
        return isRamp ? nil : "the test image was decoded incorrectly"
      case .failure(let rejection): return "the test file was rejected: \(rejection.detail)"
      }
    } catch { return "\(error)" }
  }

  private static func write(_ path: String) throws {
    let writer = try DICOMWriter()
    for (tag, value) in [
      (.sopClassUID, SOPClass.ct), (.sopInstanceUID, "2.25.1"), (.modality, "CT"),
      (.studyInstanceUID, "2.25.2"), (.seriesInstanceUID, "2.25.3"), (.samplesPerPixel, "1"),
      (.photometricInterpretation, "MONOCHROME2"), (.rows, "\(side)"), (.columns, "\(side)"),
      (.bitsAllocated, "16"), (.bitsStored, "12"), (.highBit, "11"), (.pixelRepresentation, "0"),
    ] as [(DICOMTag, String)] { try writer.set(tag, value) }
    let ramp = (0..<side).map { UInt16($0 * 4095 / (side - 1)) }
    try writer.setPixels((0..<side).flatMap { _ in ramp })
    try writer.save(path, transferSyntax: .jpegLosslessSV1)
  }
}
