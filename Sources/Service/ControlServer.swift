import Core
import Embeddings
import Foundation
import Glibc
import Synchronization

/// Listens on the control socket and passes requests to the pipeline. A slow or malformed client affects only its own
/// connection. Status and metrics are answered even while the pipeline is busy; searches for similar units never
/// reach it.
final class ControlServer: Sendable {
  private let listener: Listener
  private let mailbox: BlockingQueue<Message>
  private let board: VitalsBoard
  private let similarity: LiveSimilarity
  /// Number of clients by user.
  private let clients = Mutex<[uid_t: Int]>([:])

  private static let mostClients = 32
  /// Per user, so that one user's idle connections can't lock out the others.
  private static let mostOfUser = 8
  /// How long the pipeline has to answer a request for status or metrics before its last snapshot is sent.
  private static let statusPatience = Duration.milliseconds(100)

  /// - Throws: `FileError` when the socket can't be made.
  init(_ state: Configuration.State, mailbox: BlockingQueue<Message>, board: VitalsBoard) throws {
    self.mailbox = mailbox
    self.board = board
    similarity = LiveSimilarity(state)
    listener = try Listener(path: state.socket)
  }

  func start() {
    Thread.detachNewThread {
      while true {
        let client = accept(self.listener.descriptor, nil, nil)
        guard client >= 0 else {
          if [EINTR, ECONNABORTED].contains(errno) { continue }
          return
        }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        let user = ControlSocket.user(of: client)
        guard self.admit(user) else {
          ControlSocket.send(["ok": false, "error": "too many clients; try again"], to: client)
          close(client)
          continue
        }
        Thread.detachNewThread {
          self.serve(client)
          close(client)
          self.clients.withLock { $0[user, default: 1] -= 1 }
        }
      }
    }
  }

  func stop() { listener.remove() }

  private func admit(_ user: uid_t) -> Bool {
    clients.withLock { clients in
      guard clients.values.reduce(0, +) < Self.mostClients, clients[user] ?? 0 < Self.mostOfUser
      else { return false }
      clients[user, default: 0] += 1
      return true
    }
  }

  private func serve(_ client: Int32) {
    ControlSocket.setTimeout(client, 10)
    guard let request = ControlSocket.receive(from: client, within: 10) else {
      ControlSocket.send(["ok": false, "error": "expected one line of JSON"], to: client)
      return
    }
    guard request["version"]?.int == ControlSocket.version else {
      ControlSocket.send(
        [
          "ok": false,
          "error": .string("this daemon speaks protocol version \(ControlSocket.version)"),
        ],
        to: client)
      return
    }
    if request["command"]?.string == SimilarityQuery.command {
      ControlSocket.send(similarity.answer(request), to: client)
      return
    }
    let answers = BlockingQueue<JSON>(capacity: 1)
    mailbox.post(.control(request, answers))
    let answer =
      switch request["command"]?.string {
      case "status": answers.receive(within: Self.statusPatience) ?? board.status
      case "metrics": answers.receive(within: Self.statusPatience) ?? board.metrics
      default: answers.receive()
      }
    if let answer { ControlSocket.send(answer, to: client) }
  }
}
