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
  func decode(_ path: FilePath, _ parameters: InstanceDecoder.Parameters, seconds: Double)
    throws(WorkerMessage.Failure) -> Result<(DecodedInstance, [GreyImage]), Rejection>
  {
    switch try answer(to: .init(task: .decode(path, parameters), seconds: seconds)) {
    case .rejection(let rejection): return .failure(rejection)
    case .instance(let instance):
      return .success((instance, try images(instance.imageCount, side: parameters.side)))
    case .picture: throw .closed
    }
  }

  /// The picture of the file that was decoded last; `nil` if it has none that may be shown.
  ///
  /// - Throws: as `decode`.
  func picture(side: Int, _ treatment: TextTreatment, seconds: Double)
    throws(WorkerMessage.Failure) -> GreyImage?
  {
    switch try answer(to: .init(task: .picture(side: side, treatment), seconds: seconds)) {
    case .picture(let isShown): return isShown ? try images(1, side: side).first : nil
    case .instance, .rejection: throw .closed
    }
  }

  private func answer(to request: WorkerMessage.Request) throws(WorkerMessage.Failure)
    -> WorkerMessage.Reply
  {
    guard WorkerMessage.send(request, to: socket) else { throw .closed }
    return try WorkerMessage.receive(
      WorkerMessage.Reply.self, from: socket, before: .now + .seconds(request.seconds))
  }

  private func images(_ count: Int, side: Int) throws(WorkerMessage.Failure) -> [GreyImage] {
    let size = side * side
    guard (0...shared.count / size).contains(count) else { throw .closed }
    return (0..<count).map { index in
      GreyImage(
        side: side,
        pixels: Array(UnsafeRawBufferPointer(rebasing: shared[index * size..<(index + 1) * size])))
    }
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
