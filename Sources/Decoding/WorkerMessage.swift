import Core
import Foundation
import Glibc

/// What daemon and worker say to each other over a socket pair: JSON, each message behind its length in
/// four little-endian bytes. Images don't travel here but through shared memory.
enum WorkerMessage {
  /// The worker's first words, sent once it is ready or will never be.
  struct Hello: Codable {
    static let version = 3
    var version = Hello.version
    /// Why there is no sandbox, and so no decoding.
    var unsafe: String?
  }

  struct Request: Codable {
    var path: String
    var parameters: InstanceDecoder.Parameters
    /// Seconds of processor time that the file may cost.
    var seconds: Double
  }

  struct Reply: Codable {
    var instance: DecodedInstance?
    var rejection: Rejection?
  }

  /// Longest message: a report of 1 MB and its tags, with room to spare.
  static let longest = 16 << 20

  /// - Returns: false when the other side is gone.
  static func send(_ message: some Encodable, to descriptor: Int32) -> Bool {
    guard let body = try? JSONEncoder().encode(message) else { return false }
    var packet = withUnsafeBytes(of: UInt32(body.count).littleEndian) {
      Data(bytes: $0.baseAddress!, count: 4)
    }
    packet.append(body)
    return packet.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Bool in
      var rest = bytes
      while !rest.isEmpty {
        let count = Glibc.send(
          descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
      return true
    }
  }

  enum Failure: Error { case closed, timeout }

  /// Waits for a whole message, until the deadline where there is one.
  static func receive<Message: Decodable>(
    _ type: Message.Type, from descriptor: Int32, before deadline: ContinuousClock.Instant? = nil
  ) throws(Failure) -> Message {
    let head = try read(4, from: descriptor, before: deadline)
    let length = head.withUnsafeBytes {
      Int(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))
    }
    guard length <= longest else { throw .closed }
    let body = try read(length, from: descriptor, before: deadline)
    guard let message = try? JSONDecoder().decode(type, from: body) else { throw .closed }
    return message
  }

  private static func read(
    _ count: Int, from descriptor: Int32, before deadline: ContinuousClock.Instant?
  ) throws(Failure) -> Data {
    var bytes = [UInt8](repeating: 0, count: count)
    var have = 0
    while have < count {
      if let deadline {
        let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
        var watch = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = left > 0 ? poll(&watch, 1, Int32(min(left.rounded(.up), 1e9))) : 0
        if ready < 0 && errno == EINTR { continue }
        guard ready > 0 else { throw .timeout }
      }
      let got = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress! + have, count - have, 0)
      }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw .closed }
      have += got
    }
    return Data(bytes)
  }
}
