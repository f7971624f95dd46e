import Foundation
import Glibc

/// One line that is rewritten on a terminal; on anything else a line now and then.
final class Progress {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var last = ContinuousClock.now

  func show(_ text: @autoclosure () -> String) {
    guard last.duration(to: .now) >= (isTerminal ? .milliseconds(100) : .seconds(10)) else {
      return
    }
    last = .now
    FileHandle.standardError.write(Data((isTerminal ? "\r\u{1b}[K" + text() : text() + "\n").utf8))
  }

  func end() {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
  }
}
