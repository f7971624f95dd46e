internal import CTorchFace
import Core
import Glibc

/// libtorch, loaded with the first autoencoder or TorchScript program: it takes half a second and 100 MB, and most
/// bundles don't need it.
enum Torch {
  private static let loaded = Result { () throws(FeatureError) in try load() }

  /// - Throws: `FeatureError` naming the library that can't be loaded.
  static func functions() throws(FeatureError) -> ctorch_functions { try loaded.get() }

  private static func load() throws(FeatureError) -> ctorch_functions {
    let path = besideExecutable("libradiologynet-torch.so")
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, "ctorch")
    else {
      let problem = dlerror().map { String(cString: $0) } ?? path
      throw FeatureError("libtorch can't be loaded: \(problem)")
    }
    guard let functions = unsafeBitCast(symbol, to: ctorch_entry.self)()?.pointee,
      functions.size == MemoryLayout<ctorch_functions>.size
    else { throw FeatureError("\(path) has a different version: restart this program") }
    return functions
  }

  /// Throws libtorch's errors as `FeatureError`.
  ///
  /// - Parameter call: receives a message buffer and its capacity; returns 0 on success.
  static func check(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) throws(FeatureError) {
    var message = [CChar](repeating: 0, count: 512)
    let code = message.withUnsafeMutableBufferPointer { call($0.baseAddress!, $0.count) }
    guard code == 0 else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw FeatureError("libtorch: \(String(decoding: text, as: UTF8.self))")
    }
  }
}
