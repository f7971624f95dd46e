import Core
import Foundation

extension Command {
  static let doctor = Command(
    name: "doctor", summary: "look for problems, and say how to fix them",
    usage: "doctor [--quick]",
    details: """
      Checks the configuration, the rights of folders, owner and mode of every file of state and log, inotify's limits,
      free disk space, the clock, the hashes of bundles, the store, and that the annotation log agrees with it line by
      line. Run it as the service's user (sudo -u radiologynet) or as root. Exit code 69 when something is broken;
      warnings alone give 0.

        --quick  leave out what reads a lot: the store's pages and the log's lines
      """, examples: ["doctor", "doctor --quick", "--json doctor"]
  ) { invocation in
    _ = try invocation.words(atMost: 0, flags: ["--quick"])
    let configuration: Configuration
    do { configuration = try invocation.configuration() } catch let error as ConfigurationError {
      throw CommandError("fix the configuration first:\n\(error)", .configuration)
    }
    var diagnosis = Diagnosis(configuration)
    let doesAnswer = diagnosis.checkAnswer()
    if doesAnswer { try asOwner(of: configuration.state.directory) { diagnosis.checkFolders() } }
    try asOwner(of: configuration.state.directory) { diagnosis.checkOwners() }
    diagnosis.checkSiteKey()
    if doesAnswer { diagnosis.checkWatching() }
    diagnosis.checkDisks()
    diagnosis.checkClock()
    try asOwner(of: configuration.state.directory) {
      diagnosis.checkBundles()
      diagnosis.checkStore(quick: invocation.has("--quick"))
    }
    diagnosis.checkDaemon()
    for finding in diagnosis.findings {
      print(invocation.json ? finding.json.encoded : finding.text)
    }
    let broken = diagnosis.findings.count { $0.verdict == .broken }
    guard broken == 0 else {
      throw CommandError("\(broken) of \(diagnosis.findings.count) checks failed", .unavailable)
    }
  }
}

/// The checks and their findings.
struct Diagnosis {
  enum Verdict: String { case good, warning, broken }

  struct Finding {
    var verdict: Verdict
    var subject: String
    var observation: String
    /// What to do; `nil` when nothing is wrong.
    var remedy: String?

    var text: String {
      let mark = [.good: "ok    ", .warning: "WARN  ", .broken: "FAIL  "][verdict] ?? ""
      return mark + "\(subject): \(observation)" + (remedy.map { "\n        fix: \($0)" } ?? "")
    }

    var json: JSON {
      [
        "verdict": .string(verdict.rawValue), "subject": .string(subject),
        "finding": .string(observation), "remedy": .optional(remedy),
      ]
    }
  }

  let configuration: Configuration
  private(set) var findings: [Finding] = []

  init(_ configuration: Configuration) { self.configuration = configuration }

  mutating func good(_ subject: String, _ text: String) {
    findings.append(Finding(verdict: .good, subject: subject, observation: text, remedy: nil))
  }

  mutating func warn(_ subject: String, _ text: String, remedy: String) {
    findings.append(Finding(verdict: .warning, subject: subject, observation: text, remedy: remedy))
  }

  mutating func fail(_ subject: String, _ text: String, remedy: String) {
    findings.append(Finding(verdict: .broken, subject: subject, observation: text, remedy: remedy))
  }
}
