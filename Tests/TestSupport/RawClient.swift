import Foundation
import Glibc

/// Sends arbitrary bytes to a Unix socket and reads until the other side closes.
package enum RawClient {
  /// A connection, which the caller closes; `nil` if no one listens.
  package static func connect(_ path: String) -> Int32? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  package static func exchange(_ path: String, _ bytes: [UInt8]) -> String? {
    guard let descriptor = connect(path) else { return nil }
    defer { close(descriptor) }
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    else {
      return nil
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  package static func get(_ path: String, _ resource: String, method: String = "GET") -> String? {
    exchange(
      path, Array("\(method) \(resource) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
  }
}
