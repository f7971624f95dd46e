internal import CMicroHTTPD
import Core
import Glibc

/// A read-only HTTP server on the loopback interface or a Unix socket.
public final class HTTPServer {
  public struct Answer: Sendable {
    public var status: Int
    public var contentType: StaticString
    public var body: String

    public init(
      _ body: String, status: Int = 200, contentType: StaticString = "text/plain; charset=utf-8"
    ) {
      self.status = status
      self.contentType = contentType
      self.body = body
    }

    public static let notFound = Answer("not found\n", status: 404)
  }

  private final class Handler {
    let answer: @Sendable (_ path: String) -> Answer
    init(_ answer: @escaping @Sendable (String) -> Answer) { self.answer = answer }
  }

  private let address: ListenAddress
  private let handler: Handler
  private let server: OpaquePointer

  /// - Parameter answer: what a path shows; called from the server's own thread.
  /// - Throws: `FileError` when nobody may listen at the address.
  public init(_ address: ListenAddress, answer: @escaping @Sendable (_ path: String) -> Answer)
    throws
  {
    self.address = address
    handler = Handler(answer)
    let descriptor = try address.listen()
    let started = chttpd_start(
      descriptor,
      { context, path, answer in
        guard let context, let path, let answer else { return }
        let handler = Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue()
        let given = handler.answer(String(cString: path))
        answer.pointee.status = Int32(given.status)
        answer.pointee.content_type = UnsafeRawPointer(given.contentType.utf8Start)
          .assumingMemoryBound(to: CChar.self)
        answer.pointee.body = strdup(given.body)
        answer.pointee.length = strlen(answer.pointee.body)
      }, Unmanaged.passUnretained(handler).toOpaque())
    guard let started else {
      close(descriptor)
      throw FileError(path: "\(address)", problem: "the HTTP server can't be started")
    }
    server = started
  }

  deinit {
    chttpd_stop(server)
    if case .socket(let path) = address { unlink(path) }
  }
}
