import Core
import Glibc
import TestSupport
import Testing

@testable import Web

@Suite struct HTTPServerTests {
  private let folder: TemporaryFolder
  private let path: String
  private let server: HTTPServer

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/http.sock"
    let address = try #require(ListenAddress(path))
    server = try HTTPServer(address) { request in
      request.path == "/greeting" ? .init("good day\n") : .notFound
    }
  }

  @Test(arguments: [
    ("/greeting", "GET", "200", "good day\n"), ("/other", "GET", "404", "not found\n"),
    ("/greeting", "HEAD", "200", ""), ("/greeting", "POST", "405", ""),
    ("/greeting", "DELETE", "405", ""),
  ])
  func `only known requests are answered`(
    _ resource: String, _ method: String, _ status: String, _ body: String
  ) throws {
    let answer = try #require(RawClient.get(path, resource, method: method))
    #expect(answer.hasPrefix("HTTP/1.1 \(status)"))
    #expect(answer.hasSuffix("\r\n\r\n" + body))
  }

  @Test(arguments: [
    "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
    "GET /" + String(repeating: "a", count: 100_000) + " HTTP/1.1\r\n\r\n",
  ])
  func `garbage costs only its own connection`(_ garbage: String) throws {
    _ = RawClient.exchange(path, Array(garbage.utf8))
    #expect(RawClient.get(path, "/greeting")?.hasPrefix("HTTP/1.1 200") == true)
  }

  @Test(.timeLimit(.minutes(25)))
  func `slow requests on every connection keep no one out`() throws {
    let drips = try (0..<200).map { _ in try #require(RawClient.connect(path)) }
    defer { for drip in drips { close(drip) } }
    for drip in drips { _ = Glibc.send(drip, "GET /", 5, Int32(MSG_NOSIGNAL)) }
    for _ in 0..<20 {
      #expect(RawClient.get(path, "/greeting")?.hasSuffix("good day\n") == true)
    }
  }

  @Test(.timeLimit(.minutes(25)))
  func `a request must be complete in time, however steadily it drips`() throws {
    let drip = try #require(RawClient.connect(path))
    defer { close(drip) }
    // While the server listens; it ends the connection although a byte arrives every tenth of a second.
    while Glibc.send(drip, "x", 1, Int32(MSG_NOSIGNAL)) == 1 { usleep(100_000) }
    #expect(RawClient.get(path, "/greeting")?.hasSuffix("good day\n") == true)
  }

  @Test func `a port answers only to the names of the loopback interface, whatever it serves`()
    throws
  {
    let address = try #require(ListenAddress("127.0.0.1:19466"))
    let server = try HTTPServer(address) { _ in .init("figures\n") }
    defer { withExtendedLifetime(server) {} }
    func status(_ arguments: String...) throws -> String {
      try Tool("/usr/bin/env").run(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"] + arguments
          + ["http://127.0.0.1:19466/metrics"]
      ).output
    }
    #expect(try status() == "200")
    #expect(try status("-H", "Host: localhost:19466") == "200")
    #expect(try status("-H", "Host: evil.example:19466") == "403")
    #expect(try status("-H", "Origin: http://evil.example") == "403")
  }

  @Test func `a port of the loopback interface`() throws {
    let address = try #require(ListenAddress("127.0.0.1:19464"))
    // The first server keeps the port, and the second one reports it.
    let first = try HTTPServer(address) { _ in .init("") }
    #expect(throws: FileError.self) { try HTTPServer(address) { _ in .init("") } }
    withExtendedLifetime(first) {}
  }

  @Test(arguments: [
    "0.0.0.0:80", "10.0.0.1:9464", "9464", "127.0.0.1:0", "127.0.0.1:99999", "[::]:80", "relative",
  ])
  func `only loopback and sockets are valid`(_ text: String) { #expect(ListenAddress(text) == nil) }
}
