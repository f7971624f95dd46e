import Core
import Glibc

/// Linux's file events for a tree of folders. They only save waiting for the next scan: network file systems give none,
/// and the queue can overflow.
final class Inotify {
  enum Event {
    /// A file was written, moved or made; `finished` when the writer closed or renamed it, `moved` when it was renamed
    /// to this path, where another file may have been known.
    case file(path: FilePath, finished: Bool, moved: Bool)
    case folder(path: FilePath)
    /// Events were lost.
    case overflow
  }

  let descriptor: Int32
  private var folders: [Int32: FilePath] = [:]

  init?() {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// - Returns: 0, or the error: ENOSPC when fs.inotify.max_user_watches is used up.
  func watch(_ folder: FilePath) -> Int32 {
    let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR | IN_DONT_FOLLOW)
    let watch = folder.withCString { inotify_add_watch(descriptor, $0, mask) }
    guard watch >= 0 else { return errno }
    folders[watch] = folder
    return 0
  }

  /// Waits at most `milliseconds` and returns the pending events.
  func events(waiting milliseconds: Int32) -> [Event] {
    var watch = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&watch, 1, milliseconds) > 0 else { return [] }
    var events: [Event] = []
    let header = MemoryLayout<inotify_event>.size
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &buffer, buffer.count)
    var at = 0
    while count > 0 && at + header <= count {
      let event = buffer.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: at, as: inotify_event.self)
      }
      let start = at + header
      let name = buffer[start..<start + Int(event.len)].prefix { $0 != 0 }
      at = start + Int(event.len)
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { events.append(.overflow) }
      if event.mask & UInt32(IN_IGNORED) != 0 { folders[event.wd] = nil }
      guard let folder = folders[event.wd], !name.isEmpty else { continue }
      guard !FileStamp.isSkipped(name) else { continue }
      let path = folder.appending(name)
      if event.mask & UInt32(IN_ISDIR) != 0 {
        events.append(.folder(path: path))
      } else {
        events.append(
          .file(
            path: path, finished: event.mask & UInt32(IN_CREATE) == 0,
            moved: event.mask & UInt32(IN_MOVED_TO) != 0))
      }
    }
    return events
  }
}
