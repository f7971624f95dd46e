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

  @Test func `a drift window shows block, statistic, value and limit`() {
    let tests = [
      #"{"scope":"fused","test":"occupancy","value":0.02,"limit":0.05,"raised":false}"#,
      #"{"scope":"image","test":"discrepancy","value":0.0123,"limit":0.01,"raised":true}"#,
    ]
    func line(_ tests: [String], _ more: String) -> String {
      LogLine.text(
        #"{"seq":1,"type":"drift","generation":3,"window":7,"units":100,"tests":["#
          + tests.joined(separator: ",") + "]," + more + "}")
    }
    #expect(
      line(
        tests,
        #""raised":true,"alarm":true,"blocks":["image"],"clusters":["c0003"],"tags":[{"tag":"Manufacturer","value":"A","before":0.5,"after":0.125}]"#
      ).hasSuffix(
        "window 7 of generation 3: ALARM, 100 units; image discrepancy 0.0123 (limit 0.0100); "
          + "moved most: c0003; Manufacturer = A: 50.0 % before, 12.5 % now"))
    #expect(
      line([tests[0]], #""raised":false,"alarm":false,"blocks":[],"clusters":[],"tags":[]"#)
        .hasSuffix(
          "window 7 of generation 3: quiet, 100 units; nearest to a limit: fused occupancy 0.0200 (limit 0.0500)"
        ))
  }

  @Test func `what is no JSON is shown as it is`() {
    #expect(LogLine.text("not json") == "not json")
  }
}
