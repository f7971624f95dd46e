import Testing

@testable import radiologynetctl

@Suite struct LogLineTests {
  @Test func `an annotation shows unit, cluster, distance and blocks`() {
    let line = LogLine.text(
      """
      {"seq":7,"time":"2026-11-28T00:00:00Z","type":"annotation","unit_key":"0123456789abcdef","cluster":"c0003",\
      "cluster_name":"heads","distance":0.51234,"margin":0.25,"modality":"CT","body_part":"HEAD",\
      "blocks":["image","text"],"novel":true}
      """)
    #expect(
      line
        == "      7  2026-11-28T00:00:00Z  annotation         0123456789ab  c0003 \"heads\"  d=0.512 margin=0.250  CT  HEAD       image+text  novel"
    )
  }

  @Test(arguments: [
    (
      #"{"seq":1,"type":"quarantine","file_key":"k","reason":"malformed","detail":"x"}"#,
      "k  malformed: x"
    ),
    (
      #"{"seq":1,"type":"lineage","cluster":"c1","fate":"merged","heirs":["c2"],"successor":"c2"}"#,
      "c1 merged → c2"
    ),
    (
      #"{"seq":1,"type":"lineage","cluster":"c9","fate":"born","parents":["c1","c2"]}"#,
      "c9 born from c1+c2"
    ),
    (#"{"seq":1,"type":"lifecycle","event":"started"}"#, "event=started"),
  ])
  func `every other type has its own words`(_ line: String, _ words: String) {
    #expect(LogLine.text(line).hasSuffix(words))
  }

  @Test func `what is no JSON is shown as it is`() {
    #expect(LogLine.text("not json") == "not json")
  }
}
