import Core
import Embeddings
import Testing

@testable import Service

@Suite struct SimilarRequestTests {
  private func parse(_ members: String) throws -> SimilarityQuery {
    try SimilarityQuery(JSON(parsing: #"{"version":1,"command":"similar"\#(members)}"#))
  }

  @Test func `a request is parsed completely`() throws {
    #expect(try parse(#","unit":"ab""#) == SimilarityQuery(key: "ab"))
    #expect(
      try parse(#","unit":"ab","count":1000,"block":"tags""#)
        == SimilarityQuery(key: "ab", count: 1_000, block: .tags))
    #expect(try parse(#","unit":"ab","block":null"#).block == nil)
  }

  @Test(arguments: [
    ("", "unit is missing"), (#","unit":5"#, "unit has to be text"),
    (#","unit":"a","count":0"#, "count has to be 1 to 1000"),
    (#","unit":"a","count":-9223372036854775808"#, "count has to be 1 to 1000"),
    (#","unit":"a","count":1001"#, "count has to be 1 to 1000"),
    (#","unit":"a","count":1e300"#, "whole number"),
    (#","unit":"a","count":"5""#, "whole number"),
    (#","unit":"a","block":"audio""#, "image, tags, text, not audio"),
    (#","unit":"a","block":[]"#, "block has to be text"),
    (#","unit":"a","neighbours":5"#, "unknown member neighbours"),
  ])
  func `hostile values are refused with the reason`(_ members: String, _ reason: String) {
    #expect { try parse(members) } throws: { "\($0)".contains(reason) }
  }
}
