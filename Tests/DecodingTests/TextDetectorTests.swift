import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding
@testable import Simulation

/// Text that devices burn into pictures is found, and nothing else.
@Suite struct TextDetectorTests {
  /// A shaded picture with a line of text.
  private static func picture(
    _ text: String, height: Int, face: Lettering.Face, isDark: Bool = false, side: Int = 512
  ) -> (levels: [UInt8], rows: Range<Int>, columns: Range<Int>) {
    var levels = (0..<side * side).map {
      UInt8(60 + 60 * ($0 / side) / side + 40 * ($0 % side) / side)
    }
    let lettering = Lettering(text, height: height, face: face)
    let (top, left) = (side / 3, 20)
    for row in 0..<lettering.rows {
      for column in 0..<min(lettering.columns, side - left) {
        let pixel = (top + row) * side + left + column
        let ink = lettering.ink[row * lettering.columns + column]
        levels[pixel] = UInt8(Double(levels[pixel]) * (1 - ink) + (isDark ? 5 : 250) * ink)
      }
    }
    return (
      levels, top..<top + lettering.rows, left..<left + min(lettering.columns, side - left)
    )
  }

  @Test(
    arguments: [8, 10, 12, 16, 24, 32, 48],
    [("SMITH^JOHN", false), ("12.03.1961", false), ("ID: 77120", true)] as [(String, Bool)])
  func `names and dates of every size and face are found and covered`(
    _ height: Int, _ text: (String, isDark: Bool)
  ) {
    for face in Lettering.Face.allCases {
      let picture = Self.picture(text.0, height: height, face: face, isDark: text.isDark)
      #expect(TextDetector.hasText(picture.levels, rows: 512, columns: 512), "\(face)")
      let boxes = TextDetector.boxes(picture.levels, rows: 512, columns: 512)
      for column in stride(from: picture.columns.lowerBound, to: picture.columns.upperBound, by: 8)
      {
        #expect(
          boxes.contains {
            $0.columns.contains(column) && $0.rows.contains(picture.rows.lowerBound)
          },
          "\(face) \(column)")
      }
    }
  }

  @Test(
    arguments: [(1, 1), (20_000, 1), (1, 20_000), (11, 4_000), (512, 512)],
    [0, 128, 255] as [UInt8])
  func `there is no text in pictures of one grey`(_ size: (rows: Int, columns: Int), _ grey: UInt8)
  {
    let levels = [UInt8](repeating: grey, count: size.rows * size.columns)
    #expect(!TextDetector.hasText(levels, rows: size.rows, columns: size.columns))
    #expect(TextDetector.boxes(levels, rows: size.rows, columns: size.columns).isEmpty)
  }

  @Test func `boxes of text in noise lie inside the picture`() {
    var generator = SeededGenerator(seed: 5)
    for side in [12, 37, 256] {
      let levels = (0..<side * 3 * side).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      for box in TextDetector.boxes(levels, rows: side, columns: 3 * side) {
        #expect(box.rows.lowerBound >= 0 && box.rows.upperBound <= side)
        #expect(box.columns.lowerBound >= 0 && box.columns.upperBound <= 3 * side)
      }
    }
  }

  @Test(arguments: TextTreatment.allCases)
  func `a worker treats a frame with text as it is told`(_ treatment: TextTreatment) throws {
    let folder = try TemporaryFolder()
    let text = Self.picture("CANARY^ANNA", height: 16, face: .typewriter)
    let plain = Self.picture("", height: 16, face: .typewriter)
    for (name, levels) in [("text", text.levels), ("plain", plain.levels)] {
      try SyntheticFile.write(
        folder.path + "/" + name, changes: [0x0028_0101: "8", 0x0028_0102: "7"], side: 512,
        pixels: levels.map { UInt16($0) })
    }
    let worker = DecodingWorker(
      .init(
        executable: Tool("radiologynet-decode").path,
        instance: .init(side: 512, frames: 1, text: treatment), timeout: 60, memory: 1 << 30,
        picture: (192, treatment)))
    let (clean, cleanImages) = try worker.decode(folder.path + "/plain").get()
    #expect(cleanImages.count == 1 && clean.maskedImages == 0)
    #expect(worker.picture()?.side == 192)

    let (decoded, images) = try worker.decode(folder.path + "/text").get()
    let picture = worker.picture()
    switch treatment {
    case .withhold:
      #expect(images.isEmpty && decoded.decodePath == "burned_in_text" && picture == nil)
    case .mask:
      #expect(decoded.maskedImages == 1 && picture != nil)
      let image = try #require(images.first)
      for row in text.rows {
        for column in text.columns { #expect(image.pixels[row * 512 + column] == 0) }
      }
    case .keep: #expect(images.count == 1 && picture != nil)
    }
  }

  @Test func `a picture that the file calls burned-in is never shown`() throws {
    let folder = try TemporaryFolder()
    try SyntheticFile.write(folder.path + "/a", changes: [0x0028_0301: "YES"])
    let open = try OpenInstance(folder.path + "/a", .init(side: 64, frames: 1))
    #expect(TextTreatment.allCases.allSatisfy { open.picture(side: 64, $0) == nil })
  }
}
