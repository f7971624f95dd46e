import Testing

@testable import Review

@Suite struct GalleryTests {
  private static let keys = (0..<100).map { "k\($0)" }

  @Test func `pages hold every member once, in order`() {
    #expect(Gallery.pages(Self.keys) == 3)
    #expect((1...3).flatMap { Gallery.page($0, of: Self.keys) } == Self.keys)
    #expect(Gallery.page(4, of: Self.keys).isEmpty)
    #expect(Gallery.pages([]) == 1 && Gallery.page(1, of: []).isEmpty)
  }

  @Test(arguments: [(48, 1), (49, 2), (96, 2), (97, 3)])
  func `a full page needs no other`(_ count: Int, _ pages: Int) {
    #expect(Gallery.pages(Array(repeating: "k", count: count)) == pages)
  }

  @Test func `the pager leads to the first, the last and those around`() {
    let pager = Gallery.pager("c0017", 10, of: 20)
    for page in ["c0017.html", "c0017-8.html", "c0017-9.html", "c0017-12.html", "c0017-20.html"] {
      #expect(pager.contains("clusters/\(page)#members"))
    }
    for page in ["c0017-2.html", "c0017-10.html", "c0017-15.html"] {
      #expect(!pager.contains(page))
    }
    #expect(pager.contains("<b aria-current=\"page\">10</b>"))
    #expect(Gallery.pager("c0017", 1, of: 1).isEmpty)
  }
}
