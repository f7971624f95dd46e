import Core
import Store
import Synchronization

/// What each session has reviewed, so that it can be undone, newest first. It ends with the process.
final class ReviewHistory: Sendable {
  /// A cluster's name, trust and review before and after one change.
  struct Change {
    let cluster: Int
    let before: (name: String?, trust: String, comment: String?)
    let after: (name: String?, trust: String)
  }

  private let sessions = Mutex<[String: [[Change]]]>([:])

  /// Steps of one session, and sessions, that are kept.
  private static let longest = 100
  private static let mostSessions = 200

  /// - Parameter changes: of one form.
  func add(_ changes: [Change], _ session: String) {
    guard !changes.isEmpty else { return }
    sessions.withLock { sessions in
      if sessions.count >= Self.mostSessions, sessions[session] == nil { sessions = [:] }
      sessions[session, default: []].append(changes)
      if sessions[session, default: []].count > Self.longest { sessions[session]?.removeFirst() }
    }
  }

  /// Takes the last step out.
  func pop(_ session: String) -> [Change]? { sessions.withLock { $0[session]?.popLast() } }

  /// The last step in words.
  func last(_ session: String) -> String? {
    guard let changes = sessions.withLock({ $0[session]?.last }), let first = changes.first else {
      return nil
    }
    guard changes.count == 1 else { return "\(changes.count) clusters \(first.after.trust)" }
    let label = ClusterRecord.label(first.cluster)
    return first.after.trust == first.before.trust
      ? "\(label) named \(first.after.name ?? "nothing")" : "\(label) \(first.after.trust)"
  }
}
