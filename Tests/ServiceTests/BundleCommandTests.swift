import CTorchScript
import Core
import Foundation
import TestSupport
import Testing

@Suite(.endsHang) struct BundleCommandTests {
  @Test func `train --select freezes the experiment's winner, and the daemon opens it`() throws {
    let site = try Site(
      k: 4, more: "[features]\nimage_side = 16\nimage_components = 8\ntext_components = 8")
    try site.simulate(60)
    let out = try site.control([
      "train", "--select", "--clusters", "4", "--seeds", "1", "--networks", "no",
    ])
    let hash = try #require(out.firstMatch(of: /bundle ([0-9a-f]{16})/)).1
    #expect(out.contains("chosen: "))
    let page = try String(
      contentsOfFile: site.folder.path + "/state/evaluation/evaluation.html",
      encoding: .utf8)
    #expect(page.contains("<h1>Evaluation</h1>"))

    let shown = try JSON(
      parsing: site.control(["--json", "bundle", "show", String(hash.prefix(6))]))
    #expect(shown["selection"]?.string?.contains("on test studies") == true)
    #expect(try site.control(["bundle"]).contains("\(hash)  60 units"))
    #expect(try site.control(["bundle", "verify"]).contains("\(hash)  good"))
    try site.once()
    #expect(site.annotated == 60)
    #expect(try site.events("annotation").allSatisfy { $0["bundle"]?.string == String(hash) })
    #expect(try site.control(["bundle", "activate", String(hash)]).contains("when it starts"))
    try site.once()
    #expect(try site.events("recluster_started").isEmpty, "it is in force already")
  }

  @Test func `a damaged bundle is recognised and not activated`() throws {
    let site = try Site(k: 4)
    try site.simulate(30)
    _ = try site.control(["train"])
    let hash = try #require(
      FileManager.default.contentsOfDirectory(atPath: site.folder.path + "/state/bundles")
        .first { $0 != "active" })
    #expect(try site.control(["bundle", "activate", hash]).contains(hash))
    let file = site.folder.path + "/state/bundles/\(hash)/text.json"
    var data = try #require(FileManager.default.contents(atPath: file))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: file))
    for command in [
      ["bundle", "verify"], ["bundle", "verify", hash], ["bundle", "activate", hash],
    ] {
      _ = try site.control(command, code: ExitCode.data.rawValue)
    }
    #expect(
      try site.control(["bundle", "show", "ffff"], code: ExitCode.noInput.rawValue)
        .contains("there is no bundle ffff"))
  }

  @Test func `an image encoder of the site's own is imported, and the daemon embeds with it`()
    throws
  {
    let site = try Site(k: 4, more: "[features]\nimage_components = 8")
    try site.simulate(30)
    let model = site.folder.path + "/model.pt"
    let source = """
      def forward(self, x):
        return torch.adaptive_avg_pool2d(torch.relu(torch.conv2d(x, self.weight, None, [4, 4])), [4, 4]).flatten(1)
      """
    try #require(ctorchscript_write(model, source) == 0)
    let out = try site.control(["bundle", "import-image", model, "--side", "96"])
    #expect(out.contains("1 × 96 × 96 pixels to 128 numbers"))
    let hash = String(try #require(out.firstMatch(of: /bundle ([0-9a-f]{16})/)).1)
    #expect(try site.control(["bundle", "show", hash]).contains("image torchscript"))
    #expect(try site.control(["bundle", "verify"]).contains("\(hash)  good"))
    try site.once()
    #expect(site.annotated == 30)
    #expect(try site.events("annotation").allSatisfy { $0["bundle"]?.string == hash })
    #expect(
      try site.events("annotation").contains {
        $0["blocks"]?.array?.contains { $0.string == "image" } == true
      })

    // Another user's program, or one that the group may write, needs root's consent.
    let file = site.folder.path + "/state/bundles/\(hash)/image.pt"
    let isRoot = getuid() == 0
    for spoil in [{ chmod(file, 0o660) }] + (isRoot ? [{ chown(file, 65_534, 65_534) }] : []) {
      try #require(spoil() == 0)
      let doctor = try site.ctl.run(["--config", site.configuration, "doctor", "--quick"])
      #expect(doctor.output.contains("bundle approve \(hash)"))
      #expect(
        try site.control(["bundle", "activate", hash], code: ExitCode.permission.rawValue)
          .contains("bundle approve \(hash)"))
      #expect(try site.once(ExitCode.permission.rawValue).contains("bundle approve \(hash)"))
      // Commands that load no program still work.
      _ = try site.control(["bundle", "verify", hash])
      _ = try site.control(["report", site.folder.path + "/report"])
      #expect(try site.control(["bundle", "approve", hash]).contains("may run"))
      try site.once()
      #expect(try site.control(["bundle", "activate", hash]).contains(hash))
    }

    if isRoot {
      // As installed: state and log belong to the service, and so does the program at first.
      for place in ["state", "log"].map({ site.folder.path + "/" + $0 }) {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: place)
        for path in paths.map({ place + "/" + $0 }) + [place] { lchown(path, 65_534, 65_533) }
      }
      func serve() throws -> Tool.Output {
        try Tool("/usr/bin/env").run([
          "setpriv", "--reuid=65534", "--regid=65533", "--clear-groups", site.daemon.path,
          "--config", site.configuration, "--once",
        ])
      }
      #expect(try serve().errors.contains("bundle approve \(hash)"))
      _ = try site.control(["bundle", "approve", hash])
      let served = try serve()
      #expect(served.code == 0, "\(served.errors)")
    }

    try site.folder.file("broken.pt", "no model")
    let refused = try site.control(
      ["bundle", "import-image", site.folder.path + "/broken.pt"], code: ExitCode.data.rawValue)
    #expect(refused.contains("broken.pt can't be imported"))
    let usage = try site.control(
      ["bundle", "import-image", model, "--side", "100"], code: ExitCode.usage.rawValue)
    #expect(usage.contains("multiple of 32"))
  }
}
