import Core
import Foundation

extension Invocation {
  /// Words of a command and the values of its options.
  ///
  /// - Parameter options: the options, each with one value.
  /// - Throws: `UsageError` for an unknown option, one without a value or one given twice.
  func wordsAndValues(_ options: Set<String>) throws -> (words: [String], values: [String: String])
  {
    var words: [String] = []
    var values: [String: String] = [:]
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else {
        words.append(argument)
        continue
      }
      guard options.contains(argument) else {
        throw unknown(option: argument)
      }
      guard let value = rest.popFirst() else { throw UsageError("\(argument) needs a value") }
      guard values.updateValue(value, forKey: argument) == nil else {
        throw UsageError("\(argument) is given twice")
      }
    }
    return (words, values)
  }

  /// Who decides, and why: `--reviewer NAME --comment TEXT`. Without a name it is the user's who called `sudo`, or the
  /// user's own.
  ///
  /// - Throws: `UsageError`.
  func remark(_ values: [String: String]) throws -> Remark {
    guard
      let remark = Remark(
        reviewer: values["--reviewer"] ?? userName, comment: values["--comment"])
    else { throw UsageError(Remark.rule) }
    return remark
  }

  /// The person behind `sudo`, or the user.
  private var userName: String? {
    ProcessInfo.processInfo.environment["SUDO_USER"] ?? NSUserName()
  }

  static let remarkOptions: Set<String> = ["--reviewer", "--comment"]
}

extension String {
  /// The number of a cluster's label such as `c0017`.
  ///
  /// - Throws: `UsageError`.
  func clusterNumber() throws -> Int {
    guard hasPrefix("c"), let number = Int(dropFirst()), number > 0 else {
      throw UsageError("\(self) is no cluster's label; labels look like c0017")
    }
    return number
  }
}
