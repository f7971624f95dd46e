import Core
import Foundation
import Glibc
import Synchronization

/// A progress line: rewritten in place on a terminal, else a new line every ten seconds at most.
final class Progress: Sendable {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let last = Mutex(ContinuousClock.now)

  func show(_ text: @autoclosure () -> String) {
    let isDue = last.withLock { last in
      guard last.duration(to: .now) >= (isTerminal ? .milliseconds(100) : .seconds(10)) else {
        return false
      }
      last = .now
      return true
    }
    guard isDue else { return }
    let line = text().printable
    FileHandle.standardError.write(Data((isTerminal ? "\r\u{1b}[K" + line : line + "\n").utf8))
  }

  func end() {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
  }
}
