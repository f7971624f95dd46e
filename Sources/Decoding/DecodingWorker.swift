internal import CSandbox
import Core
import Foundation

/// A decoder that survives its files: they are decoded in a worker process, which is replaced when it dies or hangs.
/// For one thread at a time.
package final class DecodingWorker {
  package struct Parameters: Sendable {
    package var executable: String
    package var instance: InstanceDecoder.Parameters
    /// Seconds that one file may take.
    package var timeout: Double
    /// Address space of the process, bytes.
    package var memory: UInt64
    /// Side of pictures, pixels, and what becomes of frames with text in them.
    package var picture: (side: Int, text: TextTreatment)

    package init(
      executable: String, instance: InstanceDecoder.Parameters, timeout: Double, memory: UInt64,
      picture: (side: Int, text: TextTreatment) = (0, .withhold)
    ) {
      self.executable = executable
      self.instance = instance
      self.timeout = timeout
      self.memory = memory
      self.picture = picture
    }
  }

  private let parameters: Parameters
  private var process: WorkerProcess?
  private var consecutiveDeaths = 0

  package init(_ parameters: Parameters) { self.parameters = parameters }

  /// Side of the images, pixels.
  package var side: Int { parameters.instance.side }

  /// The worker's executable.
  package static var defaultExecutable: String { besideExecutable("radiologynet-decode") }

  /// Whether this kernel has Landlock, which confines workers in addition to seccomp.
  package static var hasLandlock: Bool { csandbox_has_landlock() != 0 }

  /// The process that decodes the next file; `nil` if none is running.
  package var processIdentifier: Int32? { process?.process }

  /// Starts a process, so that the first file need not wait for it. If it doesn't start, decoding that file throws why.
  package func start() { _ = try? current() }

  /// Decodes one file.
  ///
  /// - Parameter frames: the most frames to decode, up to the worker's own limit; 0 skips the pixels.
  /// - Returns: the instance with at most `frames` images of `side` × `side`, or why the file is rejected.
  ///   A file is blamed for a worker's death, with the signal, only if it killed a fresh one: an earlier
  ///   file may have left the worker damaged or short of memory.
  /// - Throws: `WorkerStartError` when no worker can be started.
  package func decode(_ path: some FilePathConvertible, frames: Int? = nil) throws(WorkerStartError)
    -> Result<(DecodedInstance, [GreyImage]), Rejection>
  {
    while true {
      let wasUsed = process != nil
      do throws(Death) {
        return try attempt(path.filePath, frames: frames)
      } catch {
        switch error {
        case .notStarted(let reason): throw reason
        case .ended(let rejection):
          guard wasUsed, rejection.code == .workerCrash else { return .failure(rejection) }
        }
      }
    }
  }

  /// A picture of the file that was decoded last, for people: its middle frame, examined for text, with masked edges.
  ///
  /// - Returns: `nil` if it may not be shown, or could not be examined in time.
  package func picture() -> GreyImage? {
    guard let process, parameters.picture.side > 0 else { return nil }
    do throws(WorkerMessage.Failure) {
      return try process.picture(
        side: parameters.picture.side, parameters.picture.text, seconds: parameters.timeout)
    } catch {
      self.process = nil
      return nil
    }
  }

  private enum Death: Error {
    case notStarted(WorkerStartError)
    case ended(Rejection)
  }

  private func attempt(_ path: FilePath, frames: Int?) throws(Death) -> Result<
    (DecodedInstance, [GreyImage]), Rejection
  > {
    let worker = try current()
    var instance = parameters.instance
    instance.frames = min(instance.frames, frames ?? .max)
    do throws(WorkerMessage.Failure) {
      let result = try worker.decode(path, instance, seconds: parameters.timeout)
      consecutiveDeaths = 0
      return result
    } catch {
      process = nil
      consecutiveDeaths += 1
      switch error {
      case .timeout:
        throw .ended(Rejection(.timeout, "not decoded within \(parameters.timeout) s"))
      case .closed:
        throw .ended(Rejection(.workerCrash, "the decoding worker ended with \(worker.end())"))
      }
    }
  }

  /// The living worker, or a new one.
  private func current() throws(Death) -> WorkerProcess {
    if let process { return process }
    // A folder full of deadly files must not become a fork bomb.
    if consecutiveDeaths > 1 {
      Thread.sleep(forTimeInterval: min(0.05 * pow(2, Double(consecutiveDeaths)), 5))
    }
    let instance = parameters.instance
    do throws(WorkerStartError) {
      let started = try WorkerProcess(
        executable: parameters.executable,
        imageBytes: max(instance.imageBytes, parameters.picture.side * parameters.picture.side),
        memory: parameters.memory)
      process = started
      return started
    } catch {
      throw .notStarted(error)
    }
  }
}
