import Core

/// What the daemon has done since its start.
struct Counters {
  let started = ContinuousClock.now
  /// Files that the ledger knew at the start.
  let knownFiles: Int
  /// Units that the store held at the start: counting them is slow in a large store.
  let storedUnits: Int
  var files = 0
  var quarantined: [Rejection.Code: Int] = [:]
  var units = 0
  var problems = 0
  var lastProblem: (text: String, time: String)?
  var lag = Vitals.Lag()

  init(knownFiles: Int, storedUnits: Int) {
    self.knownFiles = knownFiles
    self.storedUnits = storedUnits
  }

  var allUnits: Int { storedUnits + units }
}
