import Core
import Glibc

/// A message between daemon and worker.
protocol FieldMessage {
  func write(to fields: inout FieldWriter)
  init(reading fields: inout FieldReader) throws(FieldReader.Malformed)
}

/// Messages between daemon and worker over a socket pair: fields, each message after its length in four little-endian
/// bytes. Images go through shared memory instead.
enum WorkerMessage {
  /// The worker's first message, sent once it is ready or has failed to get ready.
  struct Hello {
    static let version = 6
    var version = Hello.version
    /// Why there is no sandbox, and so no decoding; empty when there is one.
    var unsafe = ""
  }

  struct Request {
    enum Task {
      case decode(FilePath, InstanceDecoder.Parameters)
      /// The picture of the file that was decoded last.
      case picture(side: Int, TextTreatment)
    }

    var task: Task
    /// Seconds of processor time that it may take; sent as whole milliseconds.
    var seconds: Double
  }

  enum Reply {
    case instance(DecodedInstance)
    /// Whether there is a picture that may be shown.
    case picture(Bool)
    case rejection(Rejection)
  }

  /// Longest message in bytes: a report of 1 MB and its tags, with room to spare.
  static let longest = 16 << 20

  /// - Returns: false if the other side is gone.
  static func send(_ message: some FieldMessage, to descriptor: Int32) -> Bool {
    var fields = FieldWriter()
    fields.write(0)
    message.write(to: &fields)
    var packet = fields.bytes
    packet.withUnsafeMutableBytes {
      $0.storeBytes(of: UInt32($0.count - 4).littleEndian, as: UInt32.self)
    }
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

  /// Waits for a whole message, until the deadline if there is one.
  static func receive<Message: FieldMessage>(
    _ type: Message.Type, from descriptor: Int32, before deadline: ContinuousClock.Instant? = nil
  ) throws(Failure) -> Message {
    // Neither side sends before the other has answered, so exactly one message arrives.
    var bytes: [UInt8] = []
    var length = 4
    while bytes.count < length {
      try wait(for: descriptor, until: deadline)
      try append(to: &bytes, from: descriptor, atMost: max(length - bytes.count, 1 << 13))
      if length == 4 && bytes.count >= 4 {
        var head = FieldReader(bytes)
        length += (try? head.number()) ?? 0
        guard length <= longest else { throw .closed }
      }
    }
    var fields = FieldReader(bytes, from: 4)
    guard bytes.count == length, let message = try? Message(reading: &fields) else { throw .closed }
    return message
  }

  private static func append(to bytes: inout [UInt8], from descriptor: Int32, atMost room: Int)
    throws(Failure)
  {
    let had = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: room))
    var count = -1
    repeat {
      count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + had, room, 0) }
    } while count < 0 && errno == EINTR
    guard count > 0 else { throw .closed }
    bytes.removeLast(room - count)
  }

  /// Waits until there is something to receive; without a deadline, recv() waits.
  private static func wait(for descriptor: Int32, until deadline: ContinuousClock.Instant?)
    throws(Failure)
  {
    guard let deadline else { return }
    var ready: Int32 = -1
    repeat {
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      var watch = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      ready = left > 0 ? poll(&watch, 1, Int32(min(left.rounded(.up), 1e9))) : 0
    } while ready < 0 && errno == EINTR
    guard ready > 0 else { throw .timeout }
  }
}

extension WorkerMessage.Hello: FieldMessage {
  func write(to fields: inout FieldWriter) {
    fields.write(version)
    fields.write(unsafe)
  }

  init(reading fields: inout FieldReader) throws(FieldReader.Malformed) {
    self.init(version: try fields.number(), unsafe: try fields.text())
  }
}

extension WorkerMessage.Request: FieldMessage {
  func write(to fields: inout FieldWriter) {
    fields.write(Int((seconds * 1000).rounded(.up)))
    switch task {
    case .decode(let path, let parameters):
      fields.write(path.bytes)
      fields.write(parameters.side)
      fields.write(parameters.frames)
      fields.write(parameters.isDeep ? 1 : 0)
      fields.write(parameters.text.rawValue)
      fields.write(parameters.fallbackCharset)
    case .picture(let side, let treatment):
      // No file has an empty path.
      fields.write("")
      fields.write(side)
      fields.write(treatment.rawValue)
    }
  }

  init(reading fields: inout FieldReader) throws(FieldReader.Malformed) {
    func treatment() throws(FieldReader.Malformed) -> TextTreatment {
      guard let treatment = TextTreatment(rawValue: try fields.text()) else {
        throw FieldReader.Malformed()
      }
      return treatment
    }
    seconds = Double(try fields.number()) / 1000
    let path = FilePath(try fields.content())
    let side = try fields.number()
    if path.bytes.isEmpty {
      task = .picture(side: side, try treatment())
    } else {
      let (frames, isDeep) = (try fields.number(), try fields.number() != 0)
      let text = try treatment()
      task = .decode(
        path,
        .init(
          side: side, frames: frames, isDeep: isDeep, text: text,
          fallbackCharset: try fields.text()))
    }
  }
}

extension WorkerMessage.Reply: FieldMessage {
  func write(to fields: inout FieldWriter) {
    switch self {
    case .instance(let instance):
      fields.write("")
      instance.write(to: &fields)
    case .rejection(let rejection):
      fields.write(rejection.code.rawValue)
      fields.write(rejection.detail)
    case .picture(let isShown):
      fields.write(isShown ? Self.shown : Self.withheld)
    }
  }

  private static let (shown, withheld) = ("shown picture", "withheld picture")

  init(reading fields: inout FieldReader) throws(FieldReader.Malformed) {
    let name = try fields.text()
    if name.isEmpty {
      self = .instance(try DecodedInstance(reading: &fields))
    } else if [Self.shown, Self.withheld].contains(name) {
      self = .picture(name == Self.shown)
    } else {
      guard let code = Rejection.Code(rawValue: name) else { throw FieldReader.Malformed() }
      self = .rejection(Rejection(code, try fields.text()))
    }
  }
}
