internal import CTorchFace
import Core
import Foundation

/// An image encoder that a site supplies as TorchScript (`torch.jit.save`): maps grey pixels to one row of numbers. The
/// program is a file of the bundle, so it is frozen and hashed with it.
package struct TorchScriptEncoder: Sendable, Equatable, Codable {
  /// Side of the input images, pixels.
  package let side: Int
  /// 1, or 3 for encoders of colour images, which receive the same grey in each.
  package let channels: Int
  /// Length of a row.
  package let outputs: Int
  /// SHA-256 of the program.
  package let digest: String
  let program: Data
  private let module: TorchModule

  /// Longest accepted row.
  static let mostOutputs = 1 << 16

  private enum CodingKeys: CodingKey { case side, channels, outputs, digest }

  /// Loads a program and checks it: it must return one finite row of the same length for every image, the same to the
  /// last bit each time and after reloading, and different rows for different images.
  ///
  /// - Throws: `FeatureError` naming the failed check, or with libtorch's message.
  package init(checking program: Data, side: Int) throws(FeatureError) {
    self.side = side
    self.program = program
    digest = SHA256Digest.hexadecimal(program)
    module = try TorchModule(program)
    let images = Self.trials(side)
    (channels, outputs) = try Self.channels(module, images[0], side)
    let again = try TorchModule(program)
    var rows: [[Float]] = []
    for image in images {
      let row = try module.encode(image, side: side, channels: channels)
      guard row.count == outputs else {
        throw FeatureError("the encoder gives rows of \(outputs) and of \(row.count) numbers")
      }
      guard row.allSatisfy(\.isFinite) else {
        throw FeatureError("the encoder gives numbers that are not finite")
      }
      for other in [module, again] {
        guard try other.encode(image, side: side, channels: channels) == row else {
          throw FeatureError(
            "the encoder gives a different row for the same image: export it in eval mode, without dropout "
              + "or random numbers")
        }
      }
      rows.append(row)
    }
    guard Set(rows).count == rows.count else {
      throw FeatureError("the encoder gives the same row for different images")
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    side = try container.decode(Int.self, forKey: .side)
    channels = try container.decode(Int.self, forKey: .channels)
    outputs = try container.decode(Int.self, forKey: .outputs)
    digest = try container.decode(String.self, forKey: .digest)
    guard let program = decoder.userInfo[Self.programKey] as? Data else {
      throw FeatureError("\(Self.fileName) is missing")
    }
    self.program = program
    module = try TorchModule(program)
  }

  /// The program's name in a bundle, and where a decoder finds it.
  static let fileName = ProgramConsent.fileName
  static let programKey = CodingUserInfoKey(rawValue: "radiologynet.image.pt")!

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(side, forKey: .side)
    try container.encode(channels, forKey: .channels)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(digest, forKey: .digest)
  }

  package static func == (a: TorchScriptEncoder, b: TorchScriptEncoder) -> Bool {
    a.side == b.side && a.digest == b.digest
  }

  /// - Parameter pixels: side × side, 0…1.
  /// - Returns: `outputs` values.
  /// - Throws: `FeatureError` with libtorch's message, or for an unusable row.
  func encode(_ pixels: [Float]) throws(FeatureError) -> [Float] {
    precondition(pixels.count == side * side)
    let row = try module.encode(pixels, side: side, channels: channels)
    guard row.count == outputs, row.allSatisfy(\.isFinite) else {
      throw FeatureError("the imported image encoder gave an unusable row of \(row.count) numbers")
    }
    return row
  }

  /// Finds the number of channels by trial: programs don't declare it.
  private static func channels(_ module: TorchModule, _ image: [Float], _ side: Int)
    throws(FeatureError) -> (channels: Int, outputs: Int)
  {
    var problem: FeatureError?
    for channels in [1, 3] {
      do throws(FeatureError) {
        let row = try module.encode(image, side: side, channels: channels)
        guard !row.isEmpty, row.count <= mostOutputs else {
          throw FeatureError(
            "the encoder gives \(row.count) numbers for an image, not 1 to \(mostOutputs)")
        }
        return (channels, row.count)
      } catch { problem = problem ?? error }
    }
    throw problem ?? FeatureError("the encoder takes no image")
  }

  /// A gradient, a chequerboard and noise.
  private static func trials(_ side: Int) -> [[Float]] {
    var generator = SeededGenerator(seed: 1)
    let pixels = 0..<side * side
    return [
      pixels.map { Float($0 % side) / Float(side) },
      pixels.map { ($0 / side / 8 + $0 % side / 8) % 2 == 0 ? 0.2 : 0.9 },
      pixels.map { _ in Float(generator.uniform()) },
    ]
  }
}

/// A program in libtorch; several threads may call it at once.
private final class TorchModule: @unchecked Sendable {
  private let torch: ctorch_functions
  private let handle: OpaquePointer

  init(_ program: Data) throws(FeatureError) {
    let torch = try Torch.functions()
    var made: OpaquePointer?
    let bytes = [UInt8](program)
    try Torch.check {
      torch.module_load(bytes, bytes.count, MachineCode.isAllowed ? 1 : 0, &made, $0, $1)
    }
    guard let made else { throw FeatureError("libtorch gave no module") }
    handle = made
    self.torch = torch
  }

  deinit { torch.module_free(handle) }

  /// - Returns: the output, cut off after `TorchScriptEncoder.mostOutputs` + 1 values.
  func encode(_ pixels: [Float], side: Int, channels: Int) throws(FeatureError) -> [Float] {
    var row = [Float](repeating: 0, count: TorchScriptEncoder.mostOutputs + 1)
    var length = 0
    try Torch.check {
      torch.module_encode(
        handle, pixels, Int32(side), Int32(channels), &row, row.count, &length, $0, $1)
    }
    return Array(row.prefix(length))
  }
}
