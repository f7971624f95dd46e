internal import CFiles
import Glibc

/// Runs root's work in another user's folder with only that user's rights on files: links, pipes or hard links that are
/// planted there, at any time, lead nowhere that the owner could not go. For users other than root, and in root's
/// folders, it only calls `body`.
///
/// The rights change for the calling thread only. Threads that `body` starts would keep the owner's.
///
/// - Throws: `FileError` when root can't give up its rights; what `body` throws.
package func asOwner<Value>(of folder: String, _ body: () throws -> Value) throws -> Value {
  var information = stat()
  guard stat(folder, &information) == 0 else { return try body() }
  return try asOwner(information, folder, body)
}

/// The same for an open folder.
func asOwner<Value>(of folder: OpenFolder, _ body: () throws -> Value) throws -> Value {
  var information = stat()
  guard fstat(folder.descriptor, &information) == 0 else { throw FileError(path: folder.path) }
  return try asOwner(information, folder.path, body)
}

private func asOwner<Value>(_ information: stat, _ folder: String, _ body: () throws -> Value)
  throws
  -> Value
{
  guard geteuid() == 0, cfiles_user() == 0, information.st_uid != 0 else { return try body() }
  var saved = cfiles_saved()
  let problem = cfiles_become(information.st_uid, information.st_gid, &saved)
  guard problem == 0 else { throw FileError(path: folder, errno: problem) }
  defer { cfiles_return(&saved) }
  return try body()
}
