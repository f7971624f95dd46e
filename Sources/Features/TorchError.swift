/// libtorch's errors as ours.
enum TorchError {
  /// - Parameter call: gets room for a message and returns 0 when all went well.
  static func check(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) throws(FeatureError) {
    var message = [CChar](repeating: 0, count: 512)
    let code = message.withUnsafeMutableBufferPointer { call($0.baseAddress!, $0.count) }
    guard code == 0 else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw FeatureError("libtorch: \(String(decoding: text, as: UTF8.self))")
    }
  }
}
