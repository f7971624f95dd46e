import Synchronization

/// Machine code that libtorch's oneDNN writes at run time.
package enum MachineCode {
  private static let allowed = Atomic(false)

  /// Lets autoencoders made from now on use it where the process may, for all of its work: training takes
  /// about two thirds of the time. Vectors differ from the daemon's in their last bits, because the service
  /// may not write code; so this is for programs that end when their work is done.
  package static func allow() { allowed.store(true, ordering: .relaxed) }

  static var isAllowed: Bool { allowed.load(ordering: .relaxed) }
}
