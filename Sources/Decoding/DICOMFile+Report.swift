import Core

extension DICOMFile {
  /// The structured report that the file is (PS3.3 C.17).
  var report: StructuredReport {
    let isPartial = string(0x0040_a491)?.uppercased() == "PARTIAL"
    let isVerified = string(0x0040_a493)?.uppercased() == "VERIFIED"
    return StructuredReport(
      text: reportText, title: title,
      rank: ReportRank(
        stage: isPartial ? .preliminary : isVerified ? .verified : .final, time: contentTime),
      predecessors: references(in: 0x0040_a360))
  }

  /// The root's concept name: its code with the scheme, or its meaning where it has none; empty without a name.
  private var title: String {
    let sequence = 0x0040_a043 as UInt32
    for tag in [0x0008_0100, 0x0008_0119, 0x0008_0120] as [UInt32] {
      guard let code = string(tag, in: sequence, item: 0), !code.isEmpty else { continue }
      return code + "\\" + (string(0x0008_0102, in: sequence, item: 0) ?? "")
    }
    return string(0x0008_0104, in: sequence, item: 0) ?? ""
  }

  /// Digits of ContentDate and ContentTime, whose missing parts are zeros; empty without a date.
  private var contentTime: String {
    let date = (string(0x0008_0023) ?? "").filter(\.isNumber)
    let time = (string(0x0008_0033) ?? "").filter(\.isNumber)
    return date.isEmpty ? "" : date + time + String(repeating: "0", count: max(0, 6 - time.count))
  }
}
