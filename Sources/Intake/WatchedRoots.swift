import Core

/// Whether the watched folders are still those that files came from. Where a share is no longer mounted, or a folder
/// was moved away, there may be an empty one: it can be read, and nothing is ever found in it.
struct WatchedRoots {
  private let roots: [String]
  /// The folders in which files were last seen: roots and mounts below them, by path, with their `folderIdentity`.
  private(set) var seen: [String: String]
  private var mounts: [String: MountPoint] = [:]
  /// Mounts seen below the roots in this run.
  private var inner: Set<String> = []
  private var unmounted: [String] = []
  /// Files found in this scan, by folder.
  private var found: [(folder: String, path: FilePath, files: Int)] = []

  init(_ roots: [String], seen: [String: String]) {
    self.roots = roots
    self.seen = seen.filter { path, _ in roots.contains { Self.holds($0, path) } }
  }

  private static func holds(_ root: String, _ path: String) -> Bool {
    path == root || path.hasPrefix(root.hasSuffix("/") ? root : root + "/")
  }

  /// Begins a scan: each mount below the roots counts by itself, now and once it is gone.
  mutating func begin(mounts: [MountPoint]) {
    let now = below(mounts)
    unmounted = inner.subtracting(now).filter { folderIdentity($0) != nil }.sorted()
    inner = now.union(unmounted)
    found = Set(roots + now + seen.keys).sorted().map { ($0, $0.filePath, 0) }
  }

  /// The mounts below the roots, by paths that start with the roots': a mount's own path has its links resolved.
  private func below(_ mounts: [MountPoint]) -> Set<String> {
    var found: Set<String> = []
    for root in roots {
      guard let real = root.resolved else { continue }
      for mount in mounts where mount.path != real && Self.holds(real, mount.path) {
        found.insert(root + mount.path.dropFirst(real.count))
      }
    }
    return found
  }

  mutating func count(_ file: FilePath) {
    for index in found.indices where file.isBelow(found[index].path) { found[index].files += 1 }
  }

  /// The problem of a root before it is scanned: the mount that held it is gone. What is there instead is not an
  /// export.
  ///
  /// - Parameter mount: the mount that holds the root now.
  mutating func lostMount(_ root: String, _ mount: MountPoint?) -> String? {
    guard let mount else { return nil }
    guard let known = mounts[root], mount.path.utf8.count < known.path.utf8.count else {
      mounts[root] = mount
      return nil
    }
    return "\(known.path) is no longer mounted; \(root) is looked at again when it is"
  }

  /// The problems of the folders of a scanned root.
  mutating func replaced(_ root: String) -> [String] {
    unmounted.filter { Self.holds(root, $0) }.map {
      "\($0) is no longer mounted: mount it again, remove the folder, or restart radiologynetd"
    } + empty(root)
  }

  private mutating func empty(_ root: String) -> [String] {
    found.filter { Self.holds(root, $0.folder) }.compactMap { folder, _, files in
      guard let identity = folderIdentity(folder) else {
        // Folders below a root come and go.
        if folder != root { seen[folder] = nil }
        return nil
      }
      guard files == 0 else {
        seen[folder] = identity
        return nil
      }
      guard let known = seen[folder], known != identity else { return nil }
      return
        "\(folder) is empty, and not the folder that files came from: mount that again, or put it back. "
        + "If this folder replaces it, put the first file into it"
    }
  }
}
