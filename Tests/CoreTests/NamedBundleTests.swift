import Foundation
import TestSupport
import Testing

@testable import Core

/// The file that names the bundle to use.
@Suite struct NamedBundleTests {
  private let folder: TemporaryFolder
  private var state: Configuration.State {
    .init(directory: folder.path, log: folder.path + "/log", socket: folder.path + "/socket")
  }

  init() throws {
    folder = try TemporaryFolder()
    try folder.folder("bundles")
  }

  @Test func `no file, no bundle`() throws { #expect(try state.namedBundle() == nil) }

  @Test func `blanks around the hash are ignored`() throws {
    try folder.file("bundles/active", " 0123456789abcdef\n\n")
    #expect(try state.namedBundle()?.description == "0123456789abcdef")
  }

  @Test(arguments: [
    "", "\n", "0123456789abcde", "../0123456789abcdef", "\u{0}",
    String(repeating: "0", count: 5_000),
  ])
  func `any other content is refused with the file's name and what to do`(_ text: String) throws {
    try folder.file("bundles/active", text)
    #expect { try state.namedBundle() } throws: { error in
      "\(error)".hasPrefix(state.activeBundle)
        && (text.count > 1_024 || "\(error)".contains("radiologynetctl bundle activate"))
    }
  }
}
