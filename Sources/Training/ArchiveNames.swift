import Core
import Decoding
import Intake
import Synchronization

/// Names of persons in the files of a folder: DICOM headers and HL7 messages.
package enum ArchiveNames {
  /// - Returns: words in lower case, and the number of files searched.
  /// - Throws: `WorkerStartError`.
  package static func read(
    _ configuration: Configuration, progress: @escaping @Sendable (String) -> Void
  ) throws -> (names: Redacted<Set<String>>, files: Int) {
    let intake = configuration.intake
    let folders = intake.reports.isEmpty ? [] : [intake.reports]
    let paths = ([intake.input] + folders).flatMap { FolderScan.files(below: $0) }
    let names = Mutex(Set<String>())
    var headers: [FilePath] = []
    for path in paths {
      guard ReportFile.isReport(path, folders: folders) else {
        headers.append(path)
        continue
      }
      guard let file = try? ReportFile(path, encoding: intake.reportEncoding) else { continue }
      names.withLock { names in
        for report in file.reports { names.formUnion(report.names.revealed) }
      }
    }
    try HeaderReading.read(headers, configuration.decoding, progress: progress) { _, decoded in
      names.withLock { $0.formUnion(decoded.names.revealed) }
    }
    return (Redacted(names.withLock { $0 }), paths.count)
  }
}
