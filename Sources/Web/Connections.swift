import Glibc
import Synchronization

/// The connections of a server: how long each may take, and which one is closed when there are too many. A client that
/// sends its request or takes the answer byte by byte loses only its own connection: a new connection replaces the one
/// that has waited longest for its request, one of the same peer's if that peer has too many.
final class Connections: Sendable {
  struct Limits {
    /// Seconds to receive a whole request, and to deliver the answer.
    var request = 10
    var answer = 60
    /// Open at once, in total and per peer: an address, or the user at the other end of a Unix socket.
    var all = 32
    var peer = 16
  }

  private struct Connection {
    let peer: [UInt8]
    let number: Int
    var isAnswered = false
    var isEnding = false
    var seconds = 0
  }

  private struct State {
    var open: [Int32: Connection] = [:]
    var number = 0
    /// While a handler works, no other bytes are read: that time doesn't count for their senders.
    var isBusy = false
  }

  private let limits: Limits
  private let state = Mutex(State())

  init(_ limits: Limits = Limits()) { self.limits = limits }

  func opened(_ descriptor: Int32) {
    let peer = Self.peer(of: descriptor)
    state.withLock { state in
      state.number += 1
      state.open[descriptor] = Connection(peer: peer, number: state.number)
      let others = state.open.filter { $0.key != descriptor && !$0.value.isEnding }
      let own = others.filter { $0.value.peer == peer }
      if own.count >= limits.peer {
        Self.end(Self.longest(own), &state)
      } else if others.count >= limits.all {
        Self.end(Self.longest(others), &state)
      }
    }
  }

  func closed(_ descriptor: Int32) {
    state.withLock { _ = $0.open.removeValue(forKey: descriptor) }
  }

  /// A request is complete.
  func received(_ descriptor: Int32) {
    state.withLock {
      $0.open[descriptor]?.isAnswered = true
      $0.open[descriptor]?.seconds = 0
      $0.isBusy = true
    }
  }

  /// The handler is done.
  func handled() { state.withLock { $0.isBusy = false } }

  /// The answer was delivered; another request may follow.
  func answered(_ descriptor: Int32) {
    state.withLock {
      $0.open[descriptor]?.isAnswered = false
      $0.open[descriptor]?.seconds = 0
    }
  }

  /// A second has passed.
  func tick() {
    state.withLock { state in
      guard !state.isBusy else { return }
      for (descriptor, connection) in state.open {
        state.open[descriptor]?.seconds += 1
        if connection.seconds >= (connection.isAnswered ? limits.answer : limits.request) {
          Self.end(descriptor, &state)
        }
      }
    }
  }

  private static func longest(_ connections: [Int32: Connection]) -> Int32? {
    let waiting = connections.filter { !$0.value.isAnswered }
    return (waiting.isEmpty ? connections : waiting).min { $0.value.number < $1.value.number }?.key
  }

  /// The server's thread then finds it ended, and closes it.
  private static func end(_ descriptor: Int32?, _ state: inout State) {
    guard let descriptor else { return }
    state.open[descriptor]?.isEnding = true
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  private static func peer(of descriptor: Int32) -> [UInt8] {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let known = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
    }
    let bytes = withUnsafeBytes(of: address) { Array($0) }
    switch Int32(address.ss_family) {
    case AF_INET where known == 0: return Array(bytes[4..<8])
    case AF_INET6 where known == 0: return Array(bytes[8..<24])
    default:
      // Process, user, group.
      var credentials: [UInt32] = [0, 0, 0]
      var size = socklen_t(MemoryLayout<UInt32>.size * credentials.count)
      getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size)
      return withUnsafeBytes(of: credentials[1]) { Array($0) }
    }
  }
}
