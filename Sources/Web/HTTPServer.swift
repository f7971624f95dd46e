internal import CMicroHTTPD
import Core
import Foundation
import Glibc

/// An HTTP server on the loopback interface or a Unix socket.
package final class HTTPServer {
  package struct Request: Sendable {
    package var isPost: Bool
    package var path: String
    package var host: String?
    package var origin: String?
    package var cookie: String?
    /// The posted form.
    package var body: String
  }

  package struct Answer: Sendable {
    package var status: Int
    package var contentType: StaticString
    package var body: Data
    /// Where to redirect to.
    package var location: String?
    /// A cookie to set.
    package var cookie: String?

    package init(
      _ body: Data, status: Int = 200, contentType: StaticString = "text/plain; charset=utf-8"
    ) {
      self.body = body
      self.status = status
      self.contentType = contentType
    }

    package init(
      _ text: String, status: Int = 200, contentType: StaticString = "text/plain; charset=utf-8"
    ) {
      self.init(Data(text.utf8), status: status, contentType: contentType)
    }

    package static let notFound = Answer("not found\n", status: 404)

    /// Redirects the browser to a page after a form was posted.
    package static func see(_ location: String, cookie: String? = nil) -> Answer {
      var answer = Answer("", status: 303)
      (answer.location, answer.cookie) = (location, cookie)
      return answer
    }
  }

  private final class Handler {
    let answer: @Sendable (Request) -> Answer
    let connections = Connections()
    init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }
  }

  private let listener: Listener
  private let handler: Handler
  private let server: OpaquePointer

  /// - Parameters:
  ///   - posts: whether forms may be posted.
  ///   - answer: called on the server's own thread, one request at a time.
  /// - Throws: `FileError` when it can't listen at the address.
  package init(
    _ address: ListenAddress, posts: Bool = false, answer: @escaping @Sendable (Request) -> Answer
  ) throws {
    // Whatever is served: a page of another site has no business reading metrics, either.
    handler = Handler { request in
      address.isMeant(host: request.host, origin: request.origin)
        ? answer(request) : .init("wrong host or origin for this server\n", status: 403)
    }
    listener = try address.listen()
    let started = chttpd_start(
      listener.descriptor, posts ? 1 : 0,
      { context, request, answer in
        guard let context, let request = request?.pointee, let answer else { return }
        func text(_ value: UnsafePointer<CChar>?) -> String? { value.map { String(cString: $0) } }
        let body = UnsafeRawBufferPointer(start: request.body, count: request.length)
        let given = Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue().answer(
          Request(
            isPost: text(request.method) == "POST", path: text(request.path) ?? "/",
            host: text(request.host), origin: text(request.origin), cookie: text(request.cookie),
            body: String(decoding: body, as: UTF8.self)))
        answer.pointee.status = Int32(given.status)
        answer.pointee.content_type = UnsafeRawPointer(given.contentType.utf8Start)
          .assumingMemoryBound(to: CChar.self)
        let copy = malloc(max(1, given.body.count))
        given.body.withUnsafeBytes { bytes in
          if let copy, let base = bytes.baseAddress { memcpy(copy, base, bytes.count) }
        }
        answer.pointee.body = copy?.assumingMemoryBound(to: CChar.self)
        answer.pointee.length = copy == nil ? 0 : given.body.count
        answer.pointee.location = given.location.flatMap { strdup($0) }
        answer.pointee.cookie = given.cookie.flatMap { strdup($0) }
      },
      { context, descriptor, event in
        guard let context else { return }
        let connections = Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue().connections
        switch event {
        case CHTTPD_OPENED: connections.opened(descriptor)
        case CHTTPD_RECEIVED: connections.received(descriptor)
        case CHTTPD_HANDLED: connections.handled()
        case CHTTPD_ANSWERED: connections.answered(descriptor)
        default: connections.closed(descriptor)
        }
      }, Unmanaged.passUnretained(handler).toOpaque())
    guard let started else {
      listener.remove()
      close(listener.descriptor)
      throw FileError(
        path: "\(address)", problem: "the HTTP server can't be started", exitCode: .cannotCreate)
    }
    server = started
    Thread.detachNewThread { [weak connections = handler.connections] in
      while connections != nil {
        sleep(1)
        connections?.tick()
      }
    }
  }

  deinit {
    chttpd_stop(server)
    listener.remove()
  }
}
