import Core
import Foundation
import Store
import TestSupport
import Testing

/// The live pages: who gets access, what they show, and what a reviewer can change.
@Suite(.endsHang) struct ReviewServerTests {
  private let site: Site
  private let daemon: Process
  private let socket: String

  init() throws {
    let folder = "/tmp/\(UUID().uuidString.prefix(8)).review"
    site = try Site(bootstrap: 60, k: 6, more: "[review]\nlisten = \"\(folder)\"")
    try site.simulate(60)
    try site.once()
    socket = folder
    daemon = try site.serve()
  }

  private func end() {
    daemon.terminate()
    daemon.waitUntilExit()
  }

  private var token: String {
    (try? String(contentsOfFile: site.folder.path + "/state/review.token", encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }

  private func ask(_ path: String, cookie: String = "", post form: String? = nil) throws -> String {
    let body = form ?? ""
    let head = """
      \(form == nil ? "GET" : "POST") \(path) HTTP/1.1\r
      Host: localhost\r
      Cookie: \(cookie)\r
      Content-Type: application/x-www-form-urlencoded\r
      Content-Length: \(body.utf8.count)\r
      Connection: close\r
      \r

      """
    return try #require(RawClient.exchange(socket, Array((head + body).utf8)))
  }

  private func logIn() throws -> String {
    let answer = try ask("/login", post: "token=\(token)")
    #expect(answer.hasPrefix("HTTP/1.1 303"))
    let cookie = try #require(
      answer.firstMatch(
        of:
          /Set-Cookie: (radiologynet=[0-9a-f]+); Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200/)
    )
    return String(cookie.1)
  }

  /// A page, after the archive has been read.
  private func page(_ path: String, _ cookie: String) throws -> String {
    #expect(try eventually { try !ask(path, cookie: cookie).hasPrefix("HTTP/1.1 503") })
    return try ask(path, cookie: cookie)
  }

  @Test func `without the token nothing is shown and nothing is changed`() throws {
    defer { end() }
    for cookie in ["", "radiologynet=0", "radiologynet=" + String(repeating: "0", count: 32)] {
      for path in ["/", "/index.html", "/clusters/c0001.html", "/img/c0001.png", "/nothing"] {
        #expect(try ask(path, cookie: cookie).contains("Location: /login"))
      }
      #expect(
        try ask("/clusters/c0001.html", cookie: cookie, post: "trust=accepted").contains("/login"))
    }
    #expect(try ask("/login", post: "token=wrong").hasPrefix("HTTP/1.1 403"))
    #expect(try site.events("review").isEmpty)
    let path = site.folder.path + "/state/review.token"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test func `a session ends when it expires and when the token changes`() throws {
    defer { end() }
    let cookie = try logIn()
    #expect(try !ask("/", cookie: cookie).contains("/login"))
    // Cookies with a forged expiry.
    let value = cookie.dropFirst("radiologynet=".count)
    for forged in [
      "ffffffffffffffff\(value.dropFirst(16))", "0000000000000001\(value.dropFirst(16))",
    ] {
      #expect(try ask("/", cookie: "radiologynet=" + forged).contains("Location: /login"))
    }
    let path = site.folder.path + "/state/review.token"
    try FileManager.default.removeItem(atPath: path)
    #expect(try ask("/", cookie: cookie).contains("Location: /login"))
    let other = try logIn()
    #expect(other != cookie)
    #expect(try !ask("/", cookie: other).contains("/login"))
    try Data(String(repeating: "another ", count: 5).utf8).write(to: URL(fileURLWithPath: path))
    #expect(try ask("/", cookie: other).contains("Location: /login"))
  }

  @Test func `a reviewer looks, names and accepts; every change is an event`() throws {
    defer { end() }
    let cookie = try logIn()
    for path in ["/", "/map.html", "/drift.html", "/history.html", "/intake.html"] {
      #expect(try page(path, cookie).hasPrefix("HTTP/1.1 200"))
    }
    #expect(try page("/style.css", cookie).contains("text/css"))
    // A cluster may hold only ultrasound, which is not shown.
    #expect(
      try (1...6).contains {
        try ask("/img/c000\($0).png", cookie: cookie).contains("image/png")
      })
    for path in ["/clusters/c0099.html", "/img/../../state/site.key", "/img/c0099.png"] {
      #expect(try ask(path, cookie: cookie).hasPrefix("HTTP/1.1 404"))
    }
    let shown = try page("/clusters/c0001.html", cookie)
    let key = try #require(shown.firstMatch(of: /name="key" value="([0-9a-f]+)"/)).1
    // Another website's form has no key.
    #expect(
      try ask("/clusters/c0001.html", cookie: cookie, post: "trust=accepted").hasPrefix(
        "HTTP/1.1 403"))
    #expect(
      try ask(
        "/clusters/c0001.html", cookie: cookie,
        post: "key=\(key)&name=CT+%26+%3Chead%3E&trust=accepted"
      ).contains("Location: /clusters/c0001.html"))
    #expect(eventually { (try? site.events("review").count) == 1 })
    let review = try #require(try site.events("review").last)
    #expect(review["name"]?.string == "CT & <head>" && review["trust"]?.string == "accepted")
    #expect(try page("/clusters/c0001.html", cookie).contains("CT &amp; &lt;head>"))
    let long = String(repeating: "x", count: 101)
    #expect(
      try ask("/clusters/c0001.html", cookie: cookie, post: "key=\(key)&name=\(long)")
        .hasPrefix("HTTP/1.1 400"))
    #expect(
      try ask("/login", post: "token=" + String(repeating: "x", count: 20_000))
        .hasPrefix("HTTP/1.1 413"))
    try site.checkConsistency()
  }

  @Test func `changes show without a restart`() throws {
    defer { end() }
    let cookie = try logIn()
    #expect(try page("/", cookie).contains("<b>60</b>units"))
    try site.simulate(20, first: 60)
    #expect(eventually { site.annotated == 80 })
    #expect(try eventually { try ask("/", cookie: cookie).contains("<b>80</b>units") })
  }
}

/// A port answers only to names of the loopback interface.
@Suite(.endsHang) struct ReviewAddressTests {
  @Test func `a foreign host name that resolves to loopback is refused`() throws {
    let site = try Site(bootstrap: 20, k: 2, more: "[review]\nlisten = \"127.0.0.1:19465\"")
    try site.simulate(20)
    let daemon = try site.serve()
    defer { daemon.terminate() }
    func status(_ arguments: [String]) throws -> String {
      try Tool("/usr/bin/env").run(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"] + arguments
          + ["http://127.0.0.1:19465/login"]
      ).output
    }
    #expect(try status([]) == "200")
    #expect(try status(["-H", "Host: evil.example:19465"]) == "403")
    #expect(try status(["-H", "Origin: http://evil.example", "-d", "token=x"]) == "403")
    #expect(try status(["-H", "Origin: http://127.0.0.1:19465", "-d", "token=x"]) == "403")
  }
}
