import Core

/// Whether the watched folders are still those that files came from. Below a share that is no longer mounted, or in the
/// place of a folder that was moved away, there is an empty one: it can be read, and nothing is ever found in it.
struct WatchedRoots {
  /// The folders that files were last seen in, by path: `folderIdentity`.
  private(set) var seen: [String: String]
  private var mounts: [String: MountPoint] = [:]

  init(seen: [String: String]) { self.seen = seen }

  /// What is wrong before a root is looked at: what was mounted above it since the start no longer is. What lies there
  /// instead is no export.
  ///
  /// - Parameter mount: that the root lies on now.
  mutating func lostMount(_ root: String, _ mount: MountPoint?) -> String? {
    guard let mount else { return nil }
    guard let known = mounts[root], mount.path.utf8.count < known.path.utf8.count else {
      mounts[root] = mount
      return nil
    }
    return "\(known.path) is no longer mounted; \(root) is looked at again when it is"
  }

  /// What is wrong after a root was looked at.
  mutating func replaced(_ root: String, isEmpty: Bool) -> String? {
    guard let identity = folderIdentity(root) else { return nil }
    guard isEmpty else {
      seen[root] = identity
      return nil
    }
    guard let known = seen[root], known != identity else { return nil }
    return
      "\(root) is empty, and not the folder that files came from: mount that again, or put it back. "
      + "If this folder takes its place, all is well with the first file in it"
  }
}
