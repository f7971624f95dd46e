import Testing

@testable import Review

@Suite struct PagePathTests {
  @Test(
    arguments: [
      "", "..", "../x", "a/b", "a b", "<b>", "a\"b", "\u{e9}", ".hidden", "-x", "a\nb",
      String(repeating: "a", count: 129),
    ])
  func `a key from a file is no name of a page if it could lead elsewhere`(_ key: String) {
    #expect(!PagePath.isName(key))
    #expect(Report.unit(page: "studies/\(key).html") == nil)
  }

  @Test(arguments: ["4fb202cc4ec2", "1.2.840.113619.2", "1.2.3-", "0"])
  func `keys and UIDs are`(_ key: String) {
    #expect(Report.unit(page: PagePath.study(key)) == key)
  }

  @Test(
    arguments: [
      "clusters/c1.html", "clusters/c00017.html", "clusters/c0017-0.html", "clusters/c0017-01.html",
      "clusters/0017.html", "clusters/c0017.html/", "queue/c17.html", "img/c0017-x.png",
      "clusters/c99999999999999999999.html", "index.html",
    ])
  func `there is one path to a page`(_ path: String) {
    #expect(Report.Target(path) == nil)
  }

  @Test func `a cluster's pages are numbered from the second`() {
    guard case .cluster(17, page: 1) = Report.Target(PagePath.cluster("c0017")) else {
      Issue.record("not the first page")
      return
    }
    guard case .cluster(12345, page: 3) = Report.Target(PagePath.cluster("c12345", page: 3)) else {
      Issue.record("not the third page")
      return
    }
  }
}
