import Core
import Synchronization

/// Reads files' headers in workers, without pixels.
package enum HeaderReading {
  /// - Parameters:
  ///   - progress: receives the number of files begun, as a line of text.
  ///   - found: receives the index and the header of each file that is a DICOM instance; one call at a time.
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
