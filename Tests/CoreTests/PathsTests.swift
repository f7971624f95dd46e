import Testing

@testable import Core

/// Parts of paths.
@Suite struct PathsTests {
  @Test(arguments: [
    ("x", "", "x"), ("q/r", "q", "r"), ("/", "/", "/"), ("/x", "/", "x"), ("/a/b/c", "/a/b", "c"),
    ("a/b/", "a", "b"), ("//a//b//", "//a", "b"), ("", "", ""), ("./x", ".", "x"),
    ("é/ü", "é", "ü"),
  ])
  func `a path is a folder and a name`(_ path: String, _ folder: String, _ name: String) {
    #expect(path.parentFolder == folder)
    #expect(path.fileName == name)
  }
}
