import Core
import Testing

@testable import radiologynetctl

@Suite struct MetricsTextTests {
  @Test func `a change of the bundle leaves out what can't be compared`() {
    let whole: JSON = [
      "units": 10, "inertia_ratio": .double(0.9), "displacement_mean": .double(0.1),
      "churn": .double(0.25),
    ]
    let between: JSON = ["units": 10, "inertia_ratio": .null, "churn": .double(0.25)]
    #expect(MetricsText.table(whole).contains("inertia ratio"))
    #expect(!MetricsText.table(between).contains("inertia ratio"))
    #expect(!MetricsText.table(between).contains("displacement"))
  }

  @Test func `what is absent is a dash, whole numbers have no decimals`() {
    #expect(
      MetricsText.line(["occupancy_psi": .double(2.0), "churn": .double(0.12345)])
        == "psi=2 displacement=- churn=0.123")
  }
}
