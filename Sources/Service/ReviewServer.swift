import Core
import Embeddings
import Foundation
import Review
import Store
import Web

/// Live pages of a report, if configured: to view, and to review. Every change goes through the control socket, like
/// those of `radiologynetctl clusters`.
struct ReviewServer: Sendable {
  let configuration: Configuration
  let access: ReviewAccess
  let archive: LiveArchive
  let similarity: LiveSimilarity
  let history = ReviewHistory()

  /// - Returns: the server, which runs as long as it is retained; `nil` if reviewing in a browser is off.
  /// - Throws: `FileError` when it can't listen at the address or the token can't be read.
  static func start(_ configuration: Configuration) throws -> HTTPServer? {
    guard let address = configuration.reviewAddress else { return nil }
    let server = ReviewServer(
      configuration: configuration,
      access: try ReviewAccess(stateDirectory: configuration.state.directory),
      archive: LiveArchive(configuration), similarity: LiveSimilarity(configuration.state))
    return try HTTPServer(address, posts: true) { server.answer($0) }
  }

  private func answer(_ request: HTTPServer.Request) -> HTTPServer.Answer {
    let path = request.path == "/" ? "index.html" : String(request.path.dropFirst())
    if let file = Report.files[path] { return .init(file.text, contentType: file.type) }
    do {
      if path == "login" { return try logIn(request) }
      guard let session = try access.session(request.cookie) else { return .see("/login") }
      if request.isPost { return try post(path, Form(request.body), session) }
      return try page(path, session)
    } catch {
      return message("That did not work", "\(error)", status: 503)
    }
  }

  private func logIn(_ request: HTTPServer.Request) throws -> HTTPServer.Answer {
    if request.isPost {
      guard let cookie = try access.cookie(for: Form(request.body)["token"] ?? "") else {
        return html(LivePages.login(wrong: true), status: 403)
      }
      return .see("/", cookie: cookie)
    }
    return html(LivePages.login(wrong: false))
  }

  private func page(_ path: String, _ session: ReviewAccess.Session) throws -> HTTPServer.Answer {
    guard let archive = try archive.current() else {
      return html(LivePages.waiting, status: 503)
    }
    let store = try configuration.state.storeLocation.open(readOnly: true)
    let report = Report(
      archive, store: store,
      reviewing: Reviewing(
        key: try access.formKey(), reviewer: session.reviewer, undo: history.last(session.id)),
      nearest: { unit in
        try similarity.nearest(to: unit.unitKey, count: Report.nearestCount, in: store).map {
          ($0.unitKey, $0.distance)
        }
      })
    if path == Report.mapDataPath {
      return .init(report.mapData, contentType: "text/javascript; charset=utf-8")
    }
    if path == "queue.html", let first = archive.queue.first {
      return .see("/" + Report.queuePath(first))
    }
    if let successor = report.successor(path) { return .see("/" + successor) }
    if let picture = try report.picture(path) { return .init(picture, contentType: "image/png") }
    return try report.page(path).map { html($0) } ?? .notFound
  }

  func message(_ title: String, _ text: String, status: Int) -> HTTPServer.Answer {
    html(LivePages.message(title, text), status: status)
  }

  private func html(_ page: Page, status: Int = 200) -> HTTPServer.Answer {
    .init(page.html, status: status, contentType: "text/html; charset=utf-8")
  }
}
