internal import CSandbox
import Core
import Glibc

/// One running worker: the child process, its socket, and the shared memory for its images.
final class WorkerProcess {
  let process: pid_t
  private let socket: Int32
  private let shared: UnsafeMutableRawBufferPointer
  private var ended: String?

  /// Starts a worker and waits for its greeting.
  ///
  /// - Throws: `WorkerStartError` when the executable can't be started or doesn't speak our protocol.
  init(executable: String, imageBytes: Int, memory: UInt64) throws(WorkerStartError) {
    var worker = csandbox_worker()
    let code = csandbox_start(executable, String(memory), imageBytes, &worker)
    guard code == 0 else {
      throw WorkerStartError("\(executable): \(String(cString: strerror(code)))")
    }
    process = worker.process
    socket = worker.socket
    shared = UnsafeMutableRawBufferPointer(start: worker.memory, count: imageBytes)
    let hello = try? WorkerMessage.receive(
      WorkerMessage.Hello.self, from: socket, before: .now + .seconds(30))
    guard hello?.version == WorkerMessage.Hello.version else {
      throw WorkerStartError("\(executable) did not answer as a decoding worker of this version")
    }
    if let reason = hello?.unsafe, !reason.isEmpty {
      throw WorkerStartError(
        "\(executable): the kernel has no sandbox (seccomp): \(reason); nothing is decoded without it"
      )
    }
  }

  deinit {
    close(socket)
    if ended == nil {
      kill(process, SIGKILL)
      _ = end()
    }
    munmap(shared.baseAddress, shared.count)
  }

  /// - Throws: `.closed` when the worker died, `.timeout` when it took too long.
  func decode(_ request: WorkerMessage.Request) throws(WorkerMessage.Failure)
    -> Result<(DecodedInstance, [GreyImage]), Rejection>
  {
    guard WorkerMessage.send(request, to: socket) else { throw .closed }
    let reply = try WorkerMessage.receive(
      WorkerMessage.Reply.self, from: socket, before: .now + .seconds(request.seconds))
    let instance: DecodedInstance
    switch reply {
    case .rejection(let rejection): return .failure(rejection)
    case .instance(let decoded): instance = decoded
    }
    let size = request.parameters.side * request.parameters.side
    guard (0...shared.count / size).contains(instance.imageCount) else { throw .closed }
    let images = (0..<instance.imageCount).map { index in
      GreyImage(
        side: request.parameters.side,
        pixels: Array(UnsafeRawBufferPointer(rebasing: shared[index * size..<(index + 1) * size])))
    }
    return .success((instance, images))
  }

  /// Waits for the process and says how it ended.
  func end() -> String {
    if let ended { return ended }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    let text = signal != 0 ? "signal \(signal)" : "exit code \(status >> 8 & 0xff)"
    ended = text
    return text
  }
}

/// A worker could not be started: no file is at fault, so none may be rejected.
package struct WorkerStartError: ExitingError, CustomStringConvertible {
  package let description: String
  package var exitCode: ExitCode { .unavailable }

  init(_ description: String) { self.description = description }
}
