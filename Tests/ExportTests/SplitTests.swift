import Core
import Foundation
import Testing

@testable import Export

@Suite struct SplitTests {
  private static func key(_ number: Int) -> String {
    SHA256Digest.hexadecimal(.init("patient \(number)".utf8))
  }

  @Test(arguments: [[80, 10, 10], [100, 0, 0], [0, 0, 100], [34, 33, 33]])
  func `patients are split by the shares`(_ shares: [Int]) {
    var parameters = ExportParameters()
    parameters.shares = shares
    var counts: [String: Int] = [:]
    for number in 0..<2_000 { counts[parameters.split(Self.key(number)), default: 0] += 1 }
    for (split, share) in zip(ExportParameters.splits, shares) {
      #expect(abs(Double(counts[split] ?? 0) / 20 - Double(share)) < 3)
    }
  }

  @Test func `a patient's split depends on nothing but the key and the shares`() {
    var other = ExportParameters()
    other.format = .dicom
    other.frames = 9
    for number in 0..<100 {
      #expect(other.split(Self.key(number)) == ExportParameters().split(Self.key(number)))
    }
  }

  @Test func `what can't change while an export goes on is in its signature`() {
    let usual = ExportParameters()
    for change in [
      { $0.side = 128 }, { $0.format = .png16 }, { $0.frames = 2 }, { $0.shares = [70, 15, 15] },
    ] as [(inout ExportParameters) -> Void] {
      var changed = usual
      change(&changed)
      #expect(changed.signature != usual.signature)
    }
  }
}
