import Glibc

/// Where an HTTP server listens: a port of the loopback interface, or a Unix socket. Nothing else, because it serves
/// pages without a password.
package enum ListenAddress: Sendable, Equatable {
  case port(ipv6: Bool, UInt16)
  case socket(String)

  /// - Parameter text: `127.0.0.1:PORT`, `[::1]:PORT` or an absolute path; `nil` for anything else.
  package init?(_ text: String) {
    func port(_ prefix: String) -> UInt16? {
      text.hasPrefix(prefix)
        ? UInt16(text.dropFirst(prefix.count)).flatMap { $0 > 0 ? $0 : nil } : nil
    }
    if text.hasPrefix("/") {
      self = .socket(text)
    } else if let number = port("127.0.0.1:") ?? port("localhost:") {
      self = .port(ipv6: false, number)
    } else if let number = port("[::1]:") {
      self = .port(ipv6: true, number)
    } else {
      return nil
    }
  }

  /// The path of a Unix socket; `nil` for a port.
  package var path: String? {
    if case .socket(let path) = self { path } else { nil }
  }

  /// - Throws: `FileError` when it can't listen there.
  package func listen() throws -> Listener {
    switch self {
    case .socket(let path): return try Listener(path: path)
    case .port(let ipv6, let number):
      let family = ipv6 ? AF_INET6 : AF_INET
      let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      var yes: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
      let bound = ipv6 ? Self.bind6(descriptor, number) : Self.bind4(descriptor, number)
      guard descriptor >= 0, bound == 0, Glibc.listen(descriptor, 16) == 0 else {
        let error = FileError(path: "port \(number)")
        close(descriptor)
        throw error
      }
      return Listener(port: descriptor)
    }
  }

  /// Whether a request was meant for this server: a page under another name that resolves to the loopback interface is
  /// refused.
  ///
  /// - Parameters:
  ///   - host: the request's header `Host`.
  ///   - origin: the request's header `Origin`.
  package func isMeant(host: String?, origin: String?) -> Bool {
    guard case .port(_, let port) = self else { return true }
    let names = ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"]
    guard let host, names.contains(host) else { return false }
    return origin == nil || origin == "http://" + host
  }

  private static func bind4(_ descriptor: Int32, _ port: UInt16) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return bind(descriptor, &address)
  }

  private static func bind6(_ descriptor: Int32, _ port: UInt16) -> Int32 {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    address.sin6_addr = in6addr_loopback
    return bind(descriptor, &address)
  }

  private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }
}
