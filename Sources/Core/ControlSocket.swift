import Foundation
import Glibc

/// The Unix socket between radiologynetctl and radiologynetd: one line of JSON each way.
package enum ControlSocket {
  /// Version of the protocol, in every request.
  package static let version = 1
  /// Longest request or answer, bytes.
  package static let longest = 1 << 20

  /// Sends the daemon a request and returns its answer.
  ///
  /// - Parameter timeout: seconds to wait for the answer; 0 waits for ever.
  /// - Throws: `FileError` when no daemon listens or there is no valid answer.
  package static func ask(_ path: String, _ request: JSON, timeout: Double = 10) throws -> JSON {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw FileError(path: path) }
    defer { close(descriptor) }
    guard withAddress(path, { connect(descriptor, $0, $1) }) == 0 else {
      let code = errno
      let reason =
        switch code {
        case ENOENT, ECONNREFUSED:
          "radiologynetd is not running (start it with: systemctl start radiologynetd)"
        case EACCES:
          "\(String(cString: strerror(code))): run this as a member of its group, or as root"
        default: String(cString: strerror(code))
        }
      throw FileError(
        path: path, problem: reason, exitCode: code == EACCES ? .permission : .unavailable)
    }
    setTimeout(descriptor, timeout)
    guard send(request, to: descriptor), let answer = receive(from: descriptor) else {
      throw FileError(path: path, problem: "no answer from radiologynetd", exitCode: .unavailable)
    }
    return answer
  }

  /// Whether a daemon listens at a path.
  package static func isServed(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withAddress(path) { connect(descriptor, $0, $1) } == 0
  }

  /// Reads one line; `nil` when it is too long, too slow or not JSON.
  ///
  /// - Parameter limit: seconds for the whole line; a client that sends byte by byte gets no more.
  package static func receive(from descriptor: Int32, within limit: Double = .infinity) -> JSON? {
    let start = ContinuousClock.now
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while line.count <= longest {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0, start.duration(to: .now) / .seconds(1) < limit else { return nil }
      if let end = buffer[..<count].firstIndex(of: 0x0a) {
        line.append(contentsOf: buffer[..<end])
        return try? JSON(parsing: String(decoding: line, as: UTF8.self))
      }
      line.append(contentsOf: buffer[..<count])
    }
    return nil
  }

  @discardableResult
  package static func send(_ message: JSON, to descriptor: Int32) -> Bool {
    var rest = Array((message.encoded + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The user of the process at the other end.
  package static func user(of descriptor: Int32) -> uid_t {
    // struct ucred, which Glibc's module leaves out: process, user, group.
    var credentials: (pid_t, uid_t, gid_t) = (0, uid_t.max, gid_t.max)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
    return credentials.1
  }

  /// - Parameter seconds: 0 for none.
  package static func setTimeout(_ descriptor: Int32, _ seconds: Double) {
    var limit = timeval(
      tv_sec: Int(seconds), tv_usec: Int(seconds.truncatingRemainder(dividingBy: 1) * 1e6))
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  )
    -> Int32
  {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      errno = ENAMETOOLONG
      return -1
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
