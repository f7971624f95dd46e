import Core
import Foundation
import Store

extension Command {
  static let generations = Command(
    name: "generations", summary: "all generations, newest first", usage: "generations",
    details:
      "Shows when each generation was promoted, why, over how many units, and its drift metrics.",
    examples: ["generations", "--json generations"]
  ) { invocation in
    _ = try invocation.words(atMost: 0)
    let store = try invocation.configuration().state.storeLocation.open(readOnly: true)
    for generation in try store.generations() {
      let figures = (try? JSON(parsing: generation.figures)) ?? .null
      if invocation.json {
        let line: JSON = [
          "generation": .int(generation.number), "time": .string(generation.time),
          "bundle": .string(generation.bundle), "reason": .string(generation.reason),
          "units": .int(generation.units), "inertia": .figure(generation.inertia),
          "figures": figures,
        ]
        print(line.encoded)
      } else {
        let drift = figures["churn"] == nil ? "" : "  \(MetricsText.line(figures))"
        print(
          "\(String(generation.number).leading(to: 5))  \(generation.time)  bundle \(generation.bundle)  "
            + "\(generation.reason.padding(to: 9))  \(generation.units) units\(drift)")
      }
    }
  }
}
