import Core
import Decoding
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite struct WorkerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func worker(timeout: Double = 20, memory: UInt64 = 2 << 30, executable: String? = nil)
    -> DecodingWorker
  {
    DecodingWorker(
      .init(
        executable: executable ?? DecodingWorker.defaultExecutable,
        instance: .init(side: 64, frames: 3),
        timeout: timeout, memory: memory))
  }

  @Test func `a worker returns what the decoder returns`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    let (instance, images) = try worker().decode(path).get()
    let direct = try InstanceDecoder.decode(path, .init(side: 64, frames: 3))
    #expect(images == direct.images)
    #expect(instance.tags == direct.instance.tags)
    #expect(instance.digest == direct.instance.digest)
  }

  @Test func `16-bit grey values are finer versions of the 8-bit ones`() throws {
    let path = folder.path + "/deep"
    try SyntheticFile.write(path, side: 1024)
    func images(isDeep: Bool) throws -> [GreyImage] {
      try DecodingWorker(
        .init(
          executable: Tool("radiologynet-decode").path,
          instance: .init(side: 1024, frames: 1, isDeep: isDeep), timeout: 30, memory: 1 << 30)
      ).decode(path).get().1
    }
    let (plain, planes) = (try images(isDeep: false), try images(isDeep: true))
    #expect(plain.count == 1 && planes.count == 2)
    let deep = zip(planes[0].pixels, planes[1].pixels).map { Int($0) << 8 | Int($1) }
    #expect(zip(deep, plain[0].pixels).allSatisfy { abs($0 - 257 * Int($1)) <= 129 })
    #expect(Set(deep).count > 900)
  }

  /// A file whose digest takes minutes: 1 TB, nearly all of it sparse.
  private func slow() throws -> String {
    let path = folder.path + "/slow.dcm"
    try SyntheticFile.write(path)
    try #require(truncate(path, 1 << 40) == 0)
    return path
  }

  @Test func `a pipe is rejected without waiting`() throws {
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let error = #expect(throws: Rejection.self) { try worker().decode(pipe).get() }
    #expect(error?.code == .unreadable)
  }

  @Test func `a file that hangs times out and affects no other file`() throws {
    let slow = try slow()
    let good = folder.path + "/a.dcm"
    try SyntheticFile.write(good)
    let worker = worker(timeout: 0.3)
    let error = #expect(throws: Rejection.self) { try worker.decode(slow).get() }
    #expect(error?.code == .timeout)
    #expect(try worker.decode(good).get().0.imageCount == 1)
  }

  @Test func `a file that kills its worker is rejected with the signal`() throws {
    let slow = try slow()
    let executable = folder.path + "/worker"
    try FileManager.default.createSymbolicLink(
      atPath: executable, withDestinationPath: DecodingWorker.defaultExecutable)
    let good = folder.path + "/a.dcm"
    try SyntheticFile.write(good)
    let worker = worker(executable: executable)
    let killer = Killer(of: executable)
    var result: Result<(DecodedInstance, [GreyImage]), Rejection>?
    // A worker that was killed while it started proves nothing.
    while result == nil { result = try? worker.decode(slow) }
    killer.stop()
    let error = #expect(throws: Rejection.self) { try result?.get() }
    #expect(error?.code == .workerCrash)
    #expect(error?.detail.contains("signal") == true)
    #expect(try worker.decode(good).get().0.imageCount == 1)
  }

  @Test(arguments: [("16", 300 << 20), ("32", 700 << 20)] as [(String, UInt64)])
  func `a frame too large for its worker is out of memory`(_ bits: String, _ memory: UInt64) throws
  {
    let large = folder.path + "/large.dcm"
    try SyntheticFile.write(
      large,
      changes: [
        0x0028_0010: "9000", 0x0028_0011: "9000", 0x0028_0100: bits, 0x0028_0101: bits,
        0x0028_0102: String((Int(bits) ?? 0) - 1),
      ])
    let worker = worker(memory: memory)
    let error = #expect(throws: Rejection.self) { try worker.decode(large).get() }
    #expect(error?.code == .outOfMemory)
  }

  @Test func `a worker killed between two files affects neither`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    let worker = worker()
    for _ in 0..<3 {
      #expect(try worker.decode(path).get().0.imageCount == 1)
      kill(try #require(worker.processIdentifier), SIGKILL)
    }
    #expect(try worker.decode(path).get().0.imageCount == 1)
  }

  @Test func `a worker has dropped its rights`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    let worker = worker()
    _ = try worker.decode(path).get()
    let process = try #require(worker.processIdentifier)
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    #expect(status.contains("NoNewPrivs:\t1"))
    #expect(status.contains("Seccomp:\t2"))
    let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
    for line in ["Max core file size        0 ", "Max file size             0 "] {
      #expect(limits.contains(line))
    }
    #expect(!limits.contains("Max address space         unlimited"))
    #expect(!limits.contains("Max cpu time              unlimited "))
  }

  @Test(arguments: ["/bin/true", "/nowhere/radiologynet-decode"])
  func `no file is rejected if no worker starts`(_ executable: String) throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    #expect(throws: WorkerStartError.self) {
      try self.worker(executable: executable).decode(path).get()
    }
  }

  @Test func `a worker started by hand refers to the daemon`() throws {
    let output = try Tool("radiologynet-decode").run([])
    #expect(output.code == ExitCode.usage.rawValue)
    #expect(output.errors.contains("radiologynetd"))
  }
}

/// Kills the processes of an executable once a second until it is stopped.
private final class Killer: Sendable {
  private let isWanted = Atomic(true)
  private let ended = DispatchSemaphore(value: 0)

  init(of executable: String) {
    Thread.detachNewThread {
      while self.isWanted.load(ordering: .relaxed) {
        Thread.sleep(forTimeInterval: 1)
        _ = try? Tool("/usr/bin/pkill").run(["-SEGV", "-f", executable])
      }
      self.ended.signal()
    }
  }

  func stop() {
    isWanted.store(false, ordering: .relaxed)
    ended.wait()
  }
}
