import Core
import Store

/// The newest judged window of the generation in force; the default value before the first.
struct DriftVerdict: Sendable {
  var isRaised = false
  var isAlarm = false
  /// Each test's statistic and the limit that 1 % of windows without drift exceed.
  var tests: [(scope: String, test: String, value: Double, limit: Double)] = []
}

extension DriftVerdict {
  init(_ window: DriftRecord) {
    (isRaised, isAlarm) = (window.isRaised, window.isAlarm)
    tests = ((try? JSON(parsing: window.report))?["tests"]?.array ?? []).compactMap { test in
      guard let scope = test["scope"]?.string, let name = test["test"]?.string,
        let value = test["value"]?.double, let limit = test["limit"]?.double
      else { return nil }
      return (scope, name, value, limit)
    }
  }
}
