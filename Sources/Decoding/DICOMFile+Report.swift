import Core

extension DICOMFile {
  /// The file as a structured report (PS3.3 C.17).
  var report: StructuredReport {
    let isPartial = string(.completionFlag)?.uppercased() == "PARTIAL"
    let isVerified = string(.verificationFlag)?.uppercased() == "VERIFIED"
    return StructuredReport(
      text: reportText, title: title,
      rank: ReportRank(
        stage: isPartial ? .preliminary : isVerified ? .verified : .final, time: contentTime),
      predecessors: references(in: .predecessorDocumentsSequence))
  }

  /// The root's concept name: its code with the scheme, or its meaning if it has no code; empty without a name.
  private var title: String {
    let sequence = .conceptNameCodeSequence as DICOMTag
    for tag in [.codeValue, .longCodeValue, .urnCodeValue] as [DICOMTag] {
      guard let code = string(tag, in: sequence, item: 0), !code.isEmpty else { continue }
      return code + "\\" + (string(.codingSchemeDesignator, in: sequence, item: 0) ?? "")
    }
    return string(.codeMeaning, in: sequence, item: 0) ?? ""
  }

  /// Digits of ContentDate and ContentTime, the time padded with zeros; empty without a date.
  private var contentTime: String {
    let date = (string(.contentDate) ?? "").filter(\.isNumber)
    let time = (string(.contentTime) ?? "").filter(\.isNumber)
    return date.isEmpty ? "" : date + time + String(repeating: "0", count: max(0, 6 - time.count))
  }
}
