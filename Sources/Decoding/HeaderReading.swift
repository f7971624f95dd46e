import Core
import Synchronization

/// Reads files' headers in workers, no pixels.
package enum HeaderReading {
  /// - Parameters:
  ///   - found: told the index of each file that is a DICOM instance and what its header says; one call at a time.
  ///   - progress: told how many files were begun.
  /// - Throws: `WorkerStartError`.
  package static func read(
    _ paths: [FilePath], _ decoding: Configuration.Decoding,
    progress: @escaping @Sendable (String) -> Void,
    found: @escaping @Sendable (Int, DecodedInstance) -> Void
  ) throws {
    struct Work {
      var next = 0
      var error: (any Error)?
    }
    let work = Mutex(Work())
    let finding = Mutex(())
    guard !paths.isEmpty else { return }
    inParallel(decoding.workers) { _ in
      let worker = DecodingWorker(
        .init(
          executable: DecodingWorker.defaultExecutable,
          instance: .init(side: 32, frames: 1, fallbackCharset: decoding.fallbackCharset),
          timeout: decoding.timeout, memory: decoding.memory))
      while let index = work.withLock({ work -> Int? in
        guard work.error == nil, work.next < paths.count else { return nil }
        work.next += 1
        progress("\(work.next) of \(paths.count) headers")
        return work.next - 1
      }) {
        do throws(WorkerStartError) {
          guard case .success((let decoded, _)) = try worker.decode(paths[index], frames: 0) else {
            continue
          }
          finding.withLock { _ in found(index, decoded) }
        } catch {
          work.withLock { $0.error = error }
        }
      }
    }
    if let error = work.withLock({ $0.error }) { throw error }
  }
}
