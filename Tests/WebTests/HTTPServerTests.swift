import Core
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
  func `answers what may be asked`(
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
  func `garbage costs its own connection only`(_ garbage: String) throws {
    _ = RawClient.exchange(path, Array(garbage.utf8))
    #expect(RawClient.get(path, "/greeting")?.hasPrefix("HTTP/1.1 200") == true)
  }

  @Test func `a port of the loopback interface`() throws {
    let address = try #require(ListenAddress("127.0.0.1:19464"))
    // Whoever holds the port keeps it: the second server says so.
    let first = try HTTPServer(address) { _ in .init("") }
    #expect(throws: FileError.self) { try HTTPServer(address) { _ in .init("") } }
    withExtendedLifetime(first) {}
  }

  @Test(arguments: [
    "0.0.0.0:80", "10.0.0.1:9464", "9464", "127.0.0.1:0", "127.0.0.1:99999", "[::]:80", "relative",
  ])
  func `nothing but loopback and sockets`(_ text: String) { #expect(ListenAddress(text) == nil) }
}
