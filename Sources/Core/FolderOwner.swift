internal import CFiles
import Glibc

/// Does root's work in somebody else's folder with no more rights on files than that somebody has: whatever links,
/// pipes or second names are planted there, and whenever, they lead nowhere that the owner could not go himself. For
/// anybody but root, and in a folder of root's, it is as if it weren't there.
///
/// The rights are the calling thread's. Threads that `body` starts would keep the owner's.
///
/// - Throws: `FileError` when root may not give its rights away; what `body` throws.
package func asOwner<Value>(of folder: String, _ body: () throws -> Value) throws -> Value {
  var information = stat()
  guard stat(folder, &information) == 0 else { return try body() }
  return try asOwner(information, folder, body)
}

/// The same for a folder that is open.
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
