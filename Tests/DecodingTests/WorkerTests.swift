import Core
import Decoding
import Foundation
import Glibc
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

  @Test func `a worker gives what the decoder gives`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    let (instance, images) = try worker().decode(path).get()
    let direct = try InstanceDecoder.decode(path, .init(side: 64, frames: 3))
    #expect(images == direct.images)
    #expect(instance.tags == direct.instance.tags)
    #expect(instance.digest == direct.instance.digest)
  }

  @Test func `grey values of 16 bits are those of 8 bits, finer`() throws {
    let path = folder.path + "/deep"
    try SyntheticFile.write(path, side: 1024)
    func images(isDeep: Bool) throws -> [GrayImage] {
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

  @Test func `a file that hangs costs its time and no other file`() throws {
    // Opening a pipe that nobody writes to blocks for ever.
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let good = folder.path + "/a.dcm"
    try SyntheticFile.write(good)
    let worker = worker(timeout: 0.3)
    #expect(throws: Rejection.self) { try worker.decode(pipe).get() }
    #expect(try worker.decode(good).get().0.imageCount == 1)
  }

  @Test func `a file that kills its worker is rejected with the signal`() throws {
    // 400 MB of pixels in a worker that may have 300 MB: it can only die.
    let deadly = folder.path + "/deadly.dcm"
    try SyntheticFile.write(deadly, changes: [0x0028_0010: "15000", 0x0028_0011: "14000"])
    let good = folder.path + "/a.dcm"
    try SyntheticFile.write(good)
    let worker = worker(memory: 300 << 20)
    let error = #expect(throws: Rejection.self) { try worker.decode(deadly).get() }
    #expect(error?.code == .workerCrash)
    #expect(error?.detail.contains("signal") == true)
    #expect(try worker.decode(good).get().0.imageCount == 1)
  }

  @Test func `a worker that is killed between two files costs neither`() throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    let worker = worker()
    for _ in 0..<3 {
      #expect(try worker.decode(path).get().0.imageCount == 1)
      kill(try #require(worker.processIdentifier), SIGKILL)
    }
    #expect(try worker.decode(path).get().0.imageCount == 1)
  }

  @Test func `a worker has given up its rights`() throws {
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
  func `without a worker no file is blamed`(_ executable: String) throws {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path)
    #expect(throws: WorkerStartError.self) {
      try self.worker(executable: executable).decode(path).get()
    }
  }

  @Test func `started by hand the worker says that it is no use`() throws {
    let output = try Tool("radiologynet-decode").run([])
    #expect(output.code == ExitCode.usage.rawValue)
    #expect(output.errors.contains("radiologynetd"))
  }
}
