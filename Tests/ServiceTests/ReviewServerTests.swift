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

  private func logIn(_ token: String? = nil) throws -> String {
    let answer = try ask("/login", post: "token=\(token ?? self.token)")
    #expect(answer.hasPrefix("HTTP/1.1 303"))
    let cookie = try #require(
      answer.firstMatch(
        of:
          /Set-Cookie: (radiologynet=[0-9a-f]+); Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200/)
    )
    return String(cookie.1)
  }

  /// The value that a form of a page must carry.
  private static func key(_ page: String) throws -> String {
    String(try #require(page.firstMatch(of: /name="key" value="([0-9a-f]+)"/)).1)
  }

  /// Clusters by number, as the store has them.
  private func cluster(_ id: Int) throws -> ClusterRecord {
    let store = try SQLiteStore(path: site.store, readOnly: true)
    return try #require(try store.clusters().first { $0.id == id })
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
      "\(value.prefix(16))0000000000000000\(value.dropFirst(32))", "\(value.dropLast())",
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
    for path in ["/", "/map.html", "/drift.html", "/history.html", "/intake.html", "/map-data.js"] {
      #expect(try page(path, cookie).hasPrefix("HTTP/1.1 200"))
    }
    #expect(try page("/style.css", cookie).contains("text/css"))
    let script = try page("/review.js", cookie)
    #expect(script.contains("text/javascript") && script.contains("script-src 'self'"))
    // A cluster may hold only ultrasound, which is not shown.
    #expect(
      try (1...6).contains {
        try ask("/img/c000\($0).png", cookie: cookie).contains("image/png")
      })
    for path in [
      "/clusters/c0099.html", "/clusters/c0001-9.html", "/img/../../state/site.key",
      "/img/c0099.png", "/studies/0123456789abcdef.html", "/img/units/0123456789abcdef.png",
      "/studies/..%2f..%2fstate.html", "/queue/c0099.html",
    ] {
      #expect(try ask(path, cookie: cookie).hasPrefix("HTTP/1.1 404"))
    }
    let shown = try page("/clusters/c0001.html", cookie)
    let key = try Self.key(shown)
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

  @Test func `the queue goes on to the next; undo takes the last verdict back`() throws {
    defer { end() }
    let cookie = try logIn()
    let start = try page("/queue.html", cookie)
    let first = String(try #require(start.firstMatch(of: /Location: (\/queue\/c\d+\.html)/)).1)
    let shown = try page(first, cookie)
    let key = try Self.key(shown)
    for part in [
      "data-key=\"a\"", "data-key=\"r\"", "data-key=\"n\"", "data-key=\"j\"", "Number 1 of 6",
    ] {
      #expect(shown.contains(part))
    }
    #expect(!shown.contains("data-key=\"u\""))
    // The suggested name is in the field, and not saved.
    let name = try #require(shown.firstMatch(of: /name="suggested" value="([^"]+)"/)).1
    #expect(shown.contains("name=\"name\" maxlength=\"100\" value=\"\(name)\""))
    let id = try #require(Int(first.filter(\.isNumber)))
    #expect(try cluster(id).name == nil)
    let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    // Rejected under the name that was offered: the name is not taken.
    let form = "key=\(key)&name=\(encoded)&suggested=\(encoded)&trust="
    let next = try ask(first, cookie: cookie, post: form + "rejected&comment=mixed")
    let second = String(try #require(next.firstMatch(of: /Location: (\/queue\/c\d+\.html)/)).1)
    #expect(second != first)
    #expect(try cluster(id).name == nil && cluster(id).trust == "rejected")
    #expect(try site.events("review").last?["comment"]?.string == "mixed")
    let after = try page(second, cookie)
    #expect(after.contains("data-key=\"u\"") && after.contains("Number 1 of 5"))
    #expect(try ask("/undo", cookie: cookie, post: "key=\(key)").contains("Location: \(first)"))
    #expect(try cluster(id).trust == "unreviewed")
    #expect(try site.events("review").count == 2)
    #expect(try ask("/undo", cookie: cookie, post: "key=\(key)").hasPrefix("HTTP/1.1 400"))
    // Accepted: the name is.
    #expect(try ask(first, cookie: cookie, post: form + "accepted").hasPrefix("HTTP/1.1 303"))
    #expect(try cluster(id).name == String(name) && cluster(id).trust == "accepted")
    #expect(try site.events("review").count == 3)
    // What someone else has decided since is not undone.
    _ = try site.control(["clusters", "reject", ClusterRecord.label(id)])
    #expect(try ask("/undo", cookie: cookie, post: "key=\(key)").contains("reviewed again since"))
    #expect(try cluster(id).trust == "rejected")
    try site.checkConsistency()
  }

  @Test func `several at once are one event each and one step of undo`() throws {
    defer { end() }
    let cookie = try logIn()
    let key = try Self.key(try page("/", cookie))
    let ticked = "key=\(key)&cluster=c0001&cluster=c0002&cluster=c0003"
    #expect(try ask("/reviews", cookie: cookie, post: ticked + "&trust=accepted").contains("303"))
    #expect(
      try site.events("review").compactMap { $0["cluster"]?.string }.sorted() == [
        "c0001", "c0002", "c0003",
      ])
    // Nothing changes, so nothing is said.
    #expect(try ask("/reviews", cookie: cookie, post: ticked + "&trust=accepted").contains("303"))
    #expect(try site.events("review").count == 3)
    #expect(try page("/", cookie).contains("3 clusters accepted"))
    #expect(try ask("/undo", cookie: cookie, post: "key=\(key)").contains("Location: /"))
    for id in 1...3 { #expect(try cluster(id).trust == "unreviewed") }
    for wrong in [
      "key=\(key)&trust=accepted", "key=\(key)&cluster=c0099&trust=accepted", ticked,
      ticked + "&trust=maybe",
    ] {
      #expect(try ask("/reviews", cookie: cookie, post: wrong).hasPrefix("HTTP/1.1 400"))
    }
    #expect(
      try ask("/reviews", cookie: cookie, post: "cluster=c0001&trust=accepted").hasPrefix(
        "HTTP/1.1 403"))
  }

  @Test func `a reviewer's own token puts the name into the event, and can be taken away`() throws {
    defer { end() }
    let own = try site.control(["reviewers", "add", "A. <Novak>"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try site.control(["reviewers"]) == "A. <Novak>\n")
    let cookie = try logIn(own)
    let shown = try page("/clusters/c0001.html", cookie)
    #expect(shown.contains("You review as A. &lt;Novak>"))
    let key = try Self.key(shown)
    _ = try ask(
      "/clusters/c0001.html", cookie: cookie,
      post: "key=\(key)&trust=accepted&comment=%3Cb%3Efine%3C%2Fb%3E")
    let event = try #require(try site.events("review").last)
    #expect(event["reviewer"]?.string == "A. <Novak>")
    let after = try page("/clusters/c0001.html", cookie)
    #expect(after.contains("by A. &lt;Novak>") && after.contains("&lt;b>fine&lt;/b>"))
    #expect(try ask("/", cookie: cookie).hasPrefix("HTTP/1.1 200"))
    for (name, data) in try site.outputs() {
      #expect(!String(decoding: data, as: UTF8.self).contains(own), "\(name)")
    }
    _ = try site.control(["reviewers", "remove", "A. <Novak>"])
    #expect(try ask("/", cookie: cookie).contains("Location: /login"))
    #expect(try ask("/login", post: "token=\(own)").hasPrefix("HTTP/1.1 403"))
    #expect(try !ask("/", cookie: logIn()).contains("/login"))
  }

  @Test func `a study is moved, and proposals are kept`() throws {
    defer { end() }
    let cookie = try logIn()
    let event = try #require(try site.events("annotation").first)
    let unit = try #require(event["unit_key"]?.string)
    let from = try #require(event["cluster"]?.string)
    let to = from == "c0001" ? "c0002" : "c0001"
    let path = "/studies/\(unit).html"
    let key = try Self.key(try page(path, cookie))
    #expect(
      try ask(path, cookie: cookie, post: "key=\(key)&to=\(to)&comment=odd").contains(
        "Location: \(path)"))
    #expect(try site.events("revision").last?["cluster"]?.string == to)
    #expect(try page(path, cookie).contains("A reviewer moved it to \(to)"))
    #expect(try ask(path, cookie: cookie, post: "key=\(key)&to=c0099").hasPrefix("HTTP/1.1 400"))
    #expect(try ask(path, cookie: cookie, post: "key=\(key)").hasPrefix("HTTP/1.1 400"))
    let proposal = "key=\(key)&cluster=c0001&with=c0002&what="
    #expect(try ask("/proposals", cookie: cookie, post: proposal + "merge").contains("303"))
    #expect(
      try page("/clusters/c0002.html", cookie).contains(
        "Proposed to the next recluster: merge c0001, c0002"))
    #expect(try ask("/proposals", cookie: cookie, post: proposal + "withdraw").contains("303"))
    #expect(try !page("/clusters/c0002.html", cookie).contains("Proposed to the next recluster"))
    #expect(
      try ask("/proposals", cookie: cookie, post: proposal + "divide").hasPrefix("HTTP/1.1 400"))
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
