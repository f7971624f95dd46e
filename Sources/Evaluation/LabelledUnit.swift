import Core
import Features
import Foundation

/// A unit with the labels that clusterings are judged by.
package struct LabelledUnit: Sendable {
  package var unit: TrainingUnit
  package var modality: String?
  package var region: String?

  package init(unit: TrainingUnit, modality: String?, region: String?) {
    self.unit = unit
    self.modality = modality
    self.region = region
  }
}

/// The part of the experiment that a study belongs to. Models and clusters are fitted on the first, choices are
/// made on the second, the third is only for reporting.
enum Part: String, CaseIterable {
  case training, validation, test

  /// 60, 20 and 20 % of the studies: a study stays where it is when others are added.
  ///
  /// - Parameter content: identifies the study, the same at every site.
  init(content: String) {
    let digest = SHA256Digest.hexadecimal(Data(content.utf8))
    let share = (UInt64(digest.prefix(8), radix: 16) ?? 0) % 100
    self = share < 60 ? .training : share < 80 ? .validation : .test
  }
}
