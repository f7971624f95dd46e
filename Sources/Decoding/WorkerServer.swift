internal import CSandbox
import Core
import Glibc

/// The worker's side: reads requests until the daemon closes the socket.
package enum WorkerServer {
  private static let socket = Int32(CSANDBOX_SOCKET)

  /// - Parameter memory: address space allowed, bytes.
  /// - Returns: the process's exit code.
  package static func run(memory: UInt64) -> ExitCode {
    var information = stat()
    guard fstat(socket, &information) == 0,
      fstat(Int32(CSANDBOX_MEMORY), &information) == 0
    else { return .usage }
    let size = Int(information.st_size)
    guard
      let shared = mmap(
        nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, Int32(CSANDBOX_MEMORY), 0),
      shared != MAP_FAILED
    else { return .software }
    let refused = csandbox_enter(memory)
    guard refused == 0 else {
      _ = WorkerMessage.send(
        WorkerMessage.Hello(unsafe: String(cString: strerror(refused))), to: socket)
      return .software
    }
    let images = UnsafeMutableRawBufferPointer(start: shared, count: size)

    guard WorkerMessage.send(WorkerMessage.Hello(), to: socket) else { return .ok }
    _ = DICOMFile.start
    var last: OpenInstance?
    while let request = try? WorkerMessage.receive(
      WorkerMessage.Request.self, from: socket)
    {
      guard WorkerMessage.send(answer(request, images, &last), to: socket) else { break }
    }
    return .ok
  }

  /// - Parameter last: the file that was decoded last.
  private static func answer(
    _ request: WorkerMessage.Request, _ shared: UnsafeMutableRawBufferPointer,
    _ last: inout OpenInstance?
  ) -> WorkerMessage.Reply {
    _ = csandbox_allow_time(request.seconds)
    func share(_ images: [GreyImage]) {
      for (index, image) in images.enumerated() {
        let offset = index * image.pixels.count
        UnsafeMutableRawBufferPointer(rebasing: shared[offset..<offset + image.pixels.count])
          .copyBytes(from: image.pixels)
      }
    }
    switch request.task {
    case .decode(let path, let parameters):
      // Its memory is free before the next file takes some.
      last = nil
      do throws(Rejection) {
        let open = try OpenInstance(path, parameters)
        share(open.images)
        last = open
        return .instance(open.instance)
      } catch {
        return .rejection(error)
      }
    case .picture(let side, let treatment):
      let picture = last?.picture(side: side, treatment)
      share(picture.map { [$0] } ?? [])
      return .picture(picture != nil)
    }
  }
}
