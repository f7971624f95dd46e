import Core
import Decoding
import Synchronization

/// Decoding workers as the configuration wants them. One that somebody has started and needs no more is the next one's.
final class DecodingWorkers: Sendable {
  private let decoding: Configuration.Decoding
  private let idle = Mutex<[Idle]>([])

  /// A worker on its way from one thread to another: neither has it meanwhile.
  private struct Idle: @unchecked Sendable {
    let worker: DecodingWorker
  }

  init(_ configuration: Configuration) { decoding = configuration.decoding }

  /// A worker for images of a side, in pixels.
  func take(side: Int) -> DecodingWorker {
    let idle = idle.withLock { $0.popLast() }
    if let idle, idle.worker.side == side { return idle.worker }
    return DecodingWorker(
      .init(
        executable: DecodingWorker.defaultExecutable,
        instance: .init(side: side, frames: decoding.framesPerInstance),
        timeout: decoding.timeout, memory: decoding.memory))
  }

  func put(_ worker: sending DecodingWorker) {
    let worker = Idle(worker: worker)
    idle.withLock { $0.append(worker) }
  }
}
