import Core
import Features
import Foundation

/// The studies that a bundle's models were trained on. Models fit these better than any new study, so drift must not be
/// measured against them. A bundle keeps them as marks: 64 bits of a key that only the training site can compute.
package struct TrainingStudies: Sendable {
  package static let fileName = "training-studies.bin"

  /// Sorted, without duplicates.
  private let marks: [UInt64]

  /// - Parameter studies: keys of the studies.
  package init(_ studies: some Sequence<String>, keys: Keys) {
    marks = Set(studies.map(keys.trainingMark)).sorted()
  }

  /// - Parameter bundle: has no marks if it was trained before they were introduced, or elsewhere.
  package init(of bundle: ModelBundle) {
    marks = bundle.attachments[Self.fileName]?.scalars() ?? []
  }

  package var data: Data { Data(scalars: marks) }

  package func contains(_ study: String, keys: Keys) -> Bool {
    guard !marks.isEmpty else { return false }
    let mark = keys.trainingMark(study: study)
    var (low, high) = (0, marks.count)
    while low < high {
      let middle = (low + high) / 2
      if marks[middle] < mark { low = middle + 1 } else { high = middle }
    }
    return low < marks.count && marks[low] == mark
  }
}
