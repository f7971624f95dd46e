internal import CFiles
import Glibc

/// Which folder a path leads to, across restarts of the machine: the numbers of devices, which these change, are not
/// part of it. A file number may be given again, but not with the same time of birth.
///
/// - Returns: `nil` for what is no folder, or can't be looked at.
package func folderIdentity(_ path: String) -> String? {
  var information = stat()
  guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else { return nil }
  return "\(information.st_ino)-\(cfiles_born(path))"
}
