import Core
import Foundation
import Review
import Store
import Web

/// Live pages of a report, if configured: to view, and to name, accept or reject clusters. Every change goes through
/// the control socket, like those of `radiologynetctl clusters`.
struct ReviewServer: Sendable {
  private let configuration: Configuration
  private let access: ReviewAccess
  private let archive: LiveArchive

  /// - Returns: the server, which runs as long as it is retained; `nil` if reviewing in a browser is off.
  /// - Throws: `FileError` when it can't listen at the address or the token can't be read.
  static func start(_ configuration: Configuration) throws -> HTTPServer? {
    guard let address = configuration.reviewAddress else { return nil }
    let server = ReviewServer(
      configuration: configuration,
      access: try ReviewAccess(stateDirectory: configuration.state.directory),
      archive: LiveArchive(
        configuration.state, minimumPatients: configuration.features.vocabulary.minimumPatients))
    return try HTTPServer(address, posts: true) { server.answer($0) }
  }

  private func answer(_ request: HTTPServer.Request) -> HTTPServer.Answer {
    let path = request.path == "/" ? "index.html" : String(request.path.dropFirst())
    if path == Report.stylePath { return .init(Style.css, contentType: "text/css; charset=utf-8") }
    do {
      if path == "login" { return try logIn(request) }
      guard try access.isKnown(request.cookie) else { return .see("/login") }
      if request.isPost { return try review(path, Form(request.body)) }
      return try page(path)
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

  private func page(_ path: String) throws -> HTTPServer.Answer {
    guard let archive = try archive.current() else {
      return html(LivePages.waiting, status: 503)
    }
    if path.hasPrefix("img/") {
      let store = try configuration.state.storeLocation.open(readOnly: true)
      guard let picture = try Report.picture(path, of: archive, store: store) else {
        return .notFound
      }
      return .init(picture, contentType: "image/png")
    }
    let key = try access.formKey()
    let page = Report.page(path, of: archive) { LivePages.form($0, key: key) }
    return page.map { html($0) } ?? .notFound
  }

  /// Applies a submitted form.
  private func review(_ path: String, _ form: Form) throws -> HTTPServer.Answer {
    guard try access.isForm(form["key"]) else {
      return message(
        "That did not work", "The form belongs to another session: reload the page.", status: 403)
    }
    guard let archive = try archive.current(), let cluster = archive.cluster(page: path) else {
      return .notFound
    }
    let record = cluster.record
    let name = form["name"].flatMap { $0 == record.name ?? "" ? nil : $0 }
    let trust = form["trust"].flatMap { $0 == record.trust ? nil : $0 }
    if name != nil || trust != nil {
      let answer = try ControlSocket.review(
        configuration.state.socket, cluster: record.id, name: name, trust: trust)
      guard answer["ok"]?.bool == true else {
        return message("That did not work", answer["error"]?.string ?? "no answer", status: 400)
      }
    }
    return .see("/" + path)
  }

  private func message(_ title: String, _ text: String, status: Int) -> HTTPServer.Answer {
    html(LivePages.message(title, text), status: status)
  }

  private func html(_ page: Page, status: Int = 200) -> HTTPServer.Answer {
    .init(page.html, status: status, contentType: "text/html; charset=utf-8")
  }
}
