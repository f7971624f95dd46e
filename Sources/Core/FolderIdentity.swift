internal import CFiles
import Glibc

/// Identifies the folder at a path across reboots, which change device numbers: they are not part of it. An inode
/// number may be reused, but not with the same birth time.
///
/// - Returns: `nil` if it is not a folder, or can't be examined.
package func folderIdentity(_ path: String) -> String? {
  var information = stat()
  guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else { return nil }
  return "\(information.st_ino)-\(cfiles_born(path))"
}
