import Synchronization

/// Machine code that libtorch's oneDNN generates at run time.
package enum MachineCode {
  private static let allowed = Atomic(false)

  /// Lets autoencoders created from now on use it, throughout the process, if the process may: training takes about
  /// two thirds of the time. Vectors differ from the daemon's in their last bits, because the service may not generate
  /// code, so this is for programs that exit when done.
  package static func allow() { allowed.store(true, ordering: .relaxed) }

  static var isAllowed: Bool { allowed.load(ordering: .relaxed) }
}
