import CTorchScript
import Core
import Dispatch
import Foundation
import TestSupport
import Testing

@testable import Features

@Suite struct TorchScriptTests {
  /// A small but real encoder: one convolution, 8 × 8 averages.
  private static let encoder = """
    def forward(self, x):
      return torch.adaptive_avg_pool2d(torch.relu(torch.conv2d(x, self.weight, None, [4, 4])), [8, 8]).flatten(1)
    """

  private static func program(_ source: String) throws -> Data {
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.pt"
    try #require(ctorchscript_write(path, source) == 0)
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private static func images(_ count: Int) -> [GreyImage] {
    var generator = SeededGenerator(seed: 4)
    return (0..<count).map { (index: Int) -> GreyImage in
      let pixels = (0..<64 * 64).map { (pixel: Int) -> UInt8 in
        let noise = Int(generator.next() % 30)
        return UInt8((pixel * (index % 5 + 1) / 16 + noise) % 256)
      }
      return GreyImage(side: 64, pixels: pixels)
    }
  }

  @Test
  func `an imported encoder is checked, frozen in a bundle and gives the same vectors again`()
    throws
  {
    let encoder = try TorchScriptEncoder(checking: Self.program(Self.encoder), side: 64)
    #expect(encoder.channels == 1)
    #expect(encoder.outputs == 512)
    let images = Self.images(40)
    let units = images.enumerated().map { index, image in
      TrainingUnit(
        study: "s\(index)", patient: "p\(index)", images: [image], tags: ["KVP": String(index % 7)],
        text: nil,
        names: Redacted([]), digests: ["d\(index)"])
    }
    var features = try Configuration(
      TOMLDocument(text: "[intake]\ninput = \"/in\"\n", path: "")
    ).features
    features.imageComponents = 12
    let image = try ImageEncoder(importing: encoder, fitting: images, components: 12)
    let bundle = try ModelBundle.train(
      units, features: features, seed: 1, software: "test", image: (image, "torchscript"))
    #expect(bundle.manifest.extractors["image"] == "torchscript")
    #expect(bundle.manifest.imageSide == 64)
    #expect(bundle.fusion.layout.lengths[0] == 12)

    let folder = try TemporaryFolder()
    let path = try bundle.write(below: folder.path)
    let read = try ModelBundle(contentsOf: path)
    let first = try images.map { try #require(bundle.image).encode($0) }
    let second = try images.reversed().map { try #require(read.image).encode($0) }
    #expect(first == second.reversed())

    var data = try Data(contentsOf: URL(fileURLWithPath: path + "/image.pt"))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: path + "/image.pt"))
    #expect { try ModelBundle(contentsOf: path) } throws: {
      "\($0)".contains("image.pt was changed")
    }
  }

  @Test func `several threads get the same vectors as one`() throws {
    let encoder = try ImageEncoder(
      importing: TorchScriptEncoder(checking: Self.program(Self.encoder), side: 64),
      fitting: Self.images(20), components: 8)
    let images = Self.images(20)
    let alone = try images.map { try encoder.encode($0) }
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for (image, vector) in zip(images, alone) { #expect((try? encoder.encode(image)) == vector) }
    }
  }

  @Test func `a colour encoder receives the grey image three times`() throws {
    let program = try Self.program(
      """
      def forward(self, x):
        rows = []
        for i in range(3):
          rows.append(torch.conv2d(x.select(1, i).unsqueeze(1), self.weight, None, [16, 16]).flatten(1))
        return torch.cat(rows, 1)
      """)
    let encoder = try TorchScriptEncoder(checking: program, side: 64)
    #expect(encoder.channels == 3)
    #expect(encoder.outputs == 3 * 8 * 16)
  }

  @Test(arguments: [
    ("random", "def forward(self, x):\n  return torch.rand([1, 8]) + x.mean()", "a different row"),
    ("constant", "def forward(self, x):\n  return torch.ones([1, 8])", "the same row"),
    ("infinite", "def forward(self, x):\n  return (x.mean() / 0.0).reshape(1, 1)", "not finite"),
    ("rows", "def forward(self, x):\n  return x.reshape(64, 64)", "one row"),
    ("long", "def forward(self, x):\n  return x.repeat(1, 1, 5, 5).flatten(1)", "not 1 to 65536"),
    (
      "changing",
      "def forward(self, x):\n  return torch.nonzero(x[0, 0, 0] > 0.5).flatten().unsqueeze(0)",
      "rows of"
    ),
    ("no image", "def other(self, x):\n  return x", "libtorch"),
  ])
  func `an unusable encoder is refused with the reason`(
    _ name: String, _ source: String, _ reason: String
  ) throws {
    let program = try Self.program(source)
    #expect { try TorchScriptEncoder(checking: program, side: 64) } throws: { error in
      "\(error)".contains(reason)
    }
  }

  @Test(arguments: [Data(), Data("no model".utf8), Data(repeating: 0, count: 1_000)])
  func `data that is not TorchScript is refused`(_ program: Data) {
    #expect(throws: FeatureError.self) { try TorchScriptEncoder(checking: program, side: 64) }
  }
}
