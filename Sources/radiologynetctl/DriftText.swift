import Core
import Foundation
import Store

/// A judged window as text.
enum DriftText {
  /// Several lines, for `radiologynetctl drift`.
  static func lines(_ window: DriftRecord, _ report: JSON) -> String {
    let state = window.isAlarm ? "ALARM" : window.isRaised ? "raised" : "quiet"
    let blocks = report["blocks"]?.array?.compactMap(\.string) ?? []
    let head =
      "generation \(window.generation), window \(window.window)  \(window.time)  \(state)"
      + (blocks.isEmpty ? "" : ": \(blocks.joined(separator: ", "))")
    let tests = (report["tests"]?.array ?? []).filter(isRaised).map { test in
      "  \((test["scope"]?.string ?? "").padding(to: 6)) \((test["test"]?.string ?? "").padding(to: 12))"
        + "\(number(test["value"]))  (99 % of windows without drift: at most \(number(test["limit"])))"
    }
    let clusters = report["clusters"]?.array?.compactMap(\.string) ?? []
    let moved =
      clusters.isEmpty ? [] : ["  clusters that moved most: \(clusters.joined(separator: ", "))"]
    return ([head] + tests + moved + tags(report).map { "  tag " + $0 }).joined(separator: "\n")
  }

  /// One line, for the log: the raised tests or, of a quiet window, the one nearest to its limit.
  static func line(_ event: JSON) -> String {
    let state =
      event["alarm"]?.bool == true ? "ALARM" : event["raised"]?.bool == true ? "raised" : "quiet"
    let tests = event["tests"]?.array ?? []
    let raised = tests.filter(isRaised)
    var parts = [
      "window \(event["window"]?.int ?? 0) of generation \(event["generation"]?.int ?? 0): \(state), "
        + "\(event["units"]?.int ?? 0) units"
    ]
    if raised.isEmpty {
      parts += tests.max { share($0) < share($1) }.map { ["nearest to a limit: \(test($0))"] } ?? []
    } else {
      parts.append(raised.map(test).joined(separator: ", "))
    }
    let clusters = event["clusters"]?.array?.compactMap(\.string) ?? []
    if !clusters.isEmpty { parts.append("moved most: \(clusters.joined(separator: ", "))") }
    return (parts + tags(event)).joined(separator: "; ")
  }

  private static func isRaised(_ test: JSON) -> Bool { test["raised"]?.bool == true }

  /// `image discrepancy 0.0123 (limit 0.0100)`.
  private static func test(_ test: JSON) -> String {
    "\(test["scope"]?.string ?? "") \(test["test"]?.string ?? "") \(number(test["value"])) "
      + "(limit \(number(test["limit"])))"
  }

  private static func share(_ test: JSON) -> Double {
    guard let value = test["value"]?.double, let limit = test["limit"]?.double, limit > 0 else {
      return -.infinity
    }
    return value / limit
  }

  private static func tags(_ report: JSON) -> [String] {
    (report["tags"]?.array ?? []).map { tag in
      "\(tag["tag"]?.string ?? "") = \(tag["value"]?.string ?? "(absent)"): "
        + "\(percent(tag["before"])) before, \(percent(tag["after"])) now"
    }
  }

  private static func number(_ json: JSON?) -> String {
    String(format: "%.4f", json?.double ?? .nan)
  }

  private static func percent(_ json: JSON?) -> String {
    String(format: "%.1f %%", 100 * (json?.double ?? .nan))
  }
}
