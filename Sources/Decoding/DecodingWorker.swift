import Core
import Foundation

/// A decoder that survives its files: each runs in a worker process, which is replaced when it dies or
/// hangs. For one thread at a time.
public final class DecodingWorker {
  public struct Parameters: Sendable {
    public var executable: String
    public var instance: InstanceDecoder.Parameters
    /// Seconds that one file may take.
    public var timeout: Double
    /// Address space of the process, bytes.
    public var memory: UInt64

    public init(
      executable: String, instance: InstanceDecoder.Parameters, timeout: Double, memory: UInt64
    ) {
      self.executable = executable
      self.instance = instance
      self.timeout = timeout
      self.memory = memory
    }
  }

  private let parameters: Parameters
  private var process: WorkerProcess?
  private var consecutiveDeaths = 0

  public init(_ parameters: Parameters) { self.parameters = parameters }

  /// The worker's executable beside this process's own, where `make install` and `swift build` put it.
  public static var defaultExecutable: String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (own as NSString).deletingLastPathComponent + "/radiologynet-decode"
  }

  /// The process that the next file goes to, while it lives.
  public var processIdentifier: Int32? { process?.process }

  /// Decodes one file.
  ///
  /// - Returns: the instance with at most `frames` images of `side` × `side`, or why the file is rejected;
  ///   a file that kills its worker is rejected with the signal.
  /// - Throws: `WorkerStartError` when no worker can be started.
  public func decode(_ path: String) throws(WorkerStartError)
    -> Result<(DecodedInstance, [GrayImage]), Rejection>
  {
    let instance = parameters.instance
    let worker: WorkerProcess
    if let process {
      worker = process
    } else {
      // A folder full of deadly files must not become a fork bomb.
      if consecutiveDeaths > 1 {
        Thread.sleep(forTimeInterval: min(0.05 * pow(2, Double(consecutiveDeaths)), 5))
      }
      worker = try WorkerProcess(
        executable: parameters.executable,
        imageBytes: instance.frames * instance.side * instance.side,
        memory: parameters.memory)
      process = worker
    }
    do throws(WorkerMessage.Failure) {
      let result = try worker.decode(
        WorkerMessage.Request(path: path, parameters: instance, seconds: parameters.timeout))
      consecutiveDeaths = 0
      return result
    } catch {
      process = nil
      consecutiveDeaths += 1
      switch error {
      case .timeout:
        return .failure(Rejection(.timeout, "not decoded within \(parameters.timeout) s"))
      case .closed:
        return .failure(Rejection(.workerCrash, "the decoding worker ended with \(worker.end())"))
      }
    }
  }
}
