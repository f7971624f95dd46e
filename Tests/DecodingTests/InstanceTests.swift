import Core
import Decoding
import Foundation
import TestSupport
import Testing

@Suite struct InstanceTests {
  private let folder: TemporaryFolder
  private let parameters = InstanceDecoder.Parameters(side: 32, frames: 3)

  init() throws { folder = try TemporaryFolder() }

  private func decode(syntax: String = "1.2.840.10008.1.2.1", _ changes: [UInt32: String] = [:])
    throws
    -> (instance: DecodedInstance, images: [GreyImage])
  {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, syntax: syntax, changes: changes)
    return try InstanceDecoder.decode(path, parameters)
  }

  @Test(arguments: SyntheticFile.syntaxes)
  func `every lossless transfer syntax gives the same picture`(_ syntax: String) throws {
    let (instance, images) = try decode(syntax: syntax)
    let reference = try decode()
    #expect(images == reference.images)
    #expect(images.count == 1)
    #expect(instance.studyUID.revealed == "1.2.3.4")
    #expect(instance.tags["Modality"] == "CT")
    #expect(images[0].pixels[0] < 10 && images[0].pixels[31] > 245)
  }

  @Test func `values that identify a patient don't become tags`() throws {
    let (instance, _) = try decode(changes)
    let text = instance.tags.values.joined(separator: " ")
    #expect(!text.uppercased().contains("CANARY"))
    #expect(instance.names.revealed == ["anna", "canaryname"])
    #expect(!"\(instance)".uppercased().contains("CANARY"))
  }

  /// A name where it doesn't belong.
  private let changes: [UInt32: String] = [
    0x0018_1030: "MR knee Canaryname", 0x0008_1090: "Scanner of CANARYNAME", 0x0010_1010: "073Y",
  ]

  @Test func `several values of an attribute are kept together`() throws {
    let (instance, _) = try decode([
      0x0008_0008: "ORIGINAL\\PRIMARY\\AXIAL", 0x0028_0030: "0.5\\0.5",
    ])
    #expect(instance.tags["ImageType"] == "ORIGINAL\\PRIMARY\\AXIAL")
    #expect(instance.tags["PixelSpacing"] == "0.5\\0.5")
  }

  @Test func `a constant image is dropped`() throws {
    let path = folder.path + "/constant.dcm"
    try SyntheticFile.write(path, pixels: [UInt16](repeating: 7, count: 64 * 64))
    let (instance, images) = try InstanceDecoder.decode(path, parameters)
    #expect(images.isEmpty && instance.hasPixels)
    #expect(instance.decodePath == "constant_image")
  }

  @Test func `frames are sampled evenly`() throws {
    let path = folder.path + "/frames.dcm"
    let frames = 30
    // The left half of each frame is as bright as its number.
    let pixels = (0..<frames).flatMap { frame in
      (0..<64 * 64).map { UInt16($0 % 64 < 32 ? frame * 100 : 0) }
    }
    try SyntheticFile.write(
      path, changes: [0x0028_0008: String(frames), 0x0028_1050: "2048", 0x0028_1051: "4096"],
      pixels: pixels)
    let (instance, images) = try InstanceDecoder.decode(path, parameters)
    #expect(instance.imageCount == 3)
    // The middles of three equal parts: frames 5, 15 and 25.
    for (image, frame) in zip(images, [5, 15, 25]) {
      #expect(abs(Int(image.pixels[0]) - frame * 100 * 255 / 4095) <= 1)
    }
  }

  @Test func `a wide image keeps its aspect and is padded`() throws {
    let path = folder.path + "/wide.dcm"
    try SyntheticFile.write(
      path, changes: [0x0028_0010: "16", 0x0028_1050: "2048", 0x0028_1051: "100"],
      pixels: [UInt16](repeating: 4000, count: 16 * 64))
    let image = try #require(try InstanceDecoder.decode(path, parameters).images.first)
    #expect(image.pixels[0] == 0 && image.pixels[16 * 32 + 16] == 255)
    #expect(
      image.pixels[11 * 32] == 0 && image.pixels[12 * 32] == 255 && image.pixels[20 * 32] == 0)
  }

  @Test(
    arguments: [
      (0x0028_0002, "4", "unsupported_samples_per_pixel"),
      (0x0028_0004, "CMYK", "unsupported_photometric_interpretation"),
    ] as [(UInt32, String, String)])
  func `an instance with unsupported pixels keeps its tags`(
    _ tag: UInt32, _ value: String, _ reason: String
  ) throws {
    let path = folder.path + "/a.dcm"
    let samples: [UInt32: String] = tag == 0x0028_0004 ? [0x0028_0002: "3"] : [:]
    try SyntheticFile.write(
      path, changes: samples.merging([tag: value]) { $1 },
      pixels: [UInt16](repeating: 9, count: 64 * 64 * 4))
    let (instance, images) = try InstanceDecoder.decode(path, parameters)
    #expect(images.isEmpty)
    #expect(instance.decodePath == reason)
    #expect(instance.tags["Modality"] == "CT")
  }

  @Test func `the text of a structured report is read`() throws {
    let path = folder.path + "/sr.dcm"
    let writer = try DICOMWriter()
    for (tag, value) in [
      0x0008_0016: "1.2.840.10008.5.1.4.1.1.88.11", 0x0008_0018: "1.2.9", 0x0008_0060: "SR",
      0x0020_000d: "1.2", 0x0020_000e: "1.2.1",
    ] as [UInt32: String] {
      try writer.set(DICOMTag(rawValue: tag), value)
    }
    try writer.appendText("No fracture.", concept: "Findings")
    try writer.appendText("Normal.", concept: "Impression")
    try writer.save(path, transferSyntax: .explicitVRLittleEndian)
    let (instance, _) = try InstanceDecoder.decode(path, parameters)
    #expect(instance.report?.text.revealed == "No fracture.\nNormal.\n")
    #expect(!instance.hasPixels && instance.decodePath == "no_pixels")
  }
}
