import Core
import Decoding
import Foundation
import PNGFiles
import Store

/// An annotated instance whose file exists.
struct SourceInstance: Sendable {
  let path: FilePath
  var candidate: ExportCandidate
  /// Key of its patient.
  var patient = ""
  /// Key that its split follows from: its patient's, or that of another one who has the same picture.
  var splitKey = ""

  /// Why an instance has no image: a reason code of the log, or `burned_in` (the file says so), `burned_in_text` (it
  /// was found), `changed`.
  struct LeftOut: Error {
    let code: String
  }

  /// Rows without labels, each with its PNG data; for DICOM files, one row without data.
  ///
  /// - Throws: `WorkerStartError`.
  func images(
    by worker: DecodingWorker, _ parameters: ExportParameters, _ input: String
  ) throws -> Result<[(row: ExportRow, data: Data?)], LeftOut> {
    switch try worker.decode(path) {
    case .failure(let rejection): return .failure(LeftOut(code: rejection.code.rawValue))
    case .success(let (decoded, images)):
      guard decoded.digest == candidate.digest else { return .failure(LeftOut(code: "changed")) }
      var row = ExportRow(
        file: "", split: "", cluster: "", studyKey: candidate.studyKey,
        patientKey: "", unitKey: candidate.unitKey, instanceKey: candidate.instanceKey,
        image: 1,
        source: candidate.digest)
      if parameters.format == .dicom {
        row.file = path.relative(to: input.filePath).text
        return .success([(row, nil)])
      }
      // What the file says goes for text that is not found, too.
      guard
        !decoded.isBurnedIn || parameters.burnedIn == .keep
          || parameters.burnedIn == .mask && decoded.maskedImages > 0
      else { return .failure(LeftOut(code: "burned_in")) }
      guard !images.isEmpty else { return .failure(LeftOut(code: decoded.decodePath)) }
      row.burnedIn =
        parameters.burnedIn == .keep
        ? .kept : decoded.maskedImages > 0 ? .masked : ExportRow.BurnedIn.none
      return .success(
        Self.files(images, isDeep: parameters.format == .png16).enumerated().map { index, data in
          row.image = index + 1
          return (row, data)
        })
    }
  }

  private static func files(_ images: [GreyImage], isDeep: Bool) -> [Data] {
    guard isDeep else {
      return images.map { PNG.encode($0.pixels, rows: $0.side, columns: $0.side) }
    }
    return stride(from: 0, to: images.count - 1, by: 2).map { index in
      let levels = zip(images[index].pixels, images[index + 1].pixels).map {
        UInt16($0) << 8 | UInt16($1)
      }
      return PNG.encode(levels, rows: images[index].side, columns: images[index].side)
    }
  }
}
