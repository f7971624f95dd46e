import Core
import Foundation
import Glibc
import Store

// Checks of the system: folders, file events, disks, clock.
extension Diagnosis {
  /// Whether the input folders answer at all: on a share whose server is gone, a call may never return.
  mutating func checkAnswer() -> Bool {
    let folders = [configuration.intake.input, configuration.intake.reports].filter { !$0.isEmpty }
    let silent = folders.filter { folder in
      (try? Eventual { access(folder, F_OK) }.get(within: .seconds(10))) == nil
    }
    for folder in silent {
      fail(
        "input", "\(folder) does not answer within ten seconds",
        remedy: "is the server of its share up? umount -f \(folder), and mount it again")
    }
    return silent.isEmpty
  }

  mutating func checkFolders() {
    let problems = FolderRights.problems(configuration)
    for problem in problems {
      fail(problem.key, "\(problem.path): \(problem.text)", remedy: problem.need)
    }
    if problems.isEmpty { good("folders", "input, state and log can be used") }
  }

  mutating func checkSiteKey() {
    let state = configuration.state.directory
    do {
      let key = try SiteKey.load(
        stateDirectory: state, file: configuration.siteKey, create: false)
      if let store = try? configuration.state.storeLocation.open(readOnly: true),
        try store.isForeign(to: key)
      {
        return fail(
          "site key", "the store was made with another one",
          remedy: "restore it from a backup before radiologynetd is restarted")
      }
    } catch {
      guard FileManager.default.fileExists(atPath: configuration.state.store) else {
        return warn("site key", "\(error)", remedy: "it is made when radiologynetd starts")
      }
      return fail(
        "site key", "\(error)",
        remedy:
          "run this as root; if there is none, restore the one that the store was made with from a backup"
      )
    }
    for path in [configuration.siteKey, state + "/site.key"] {
      var information = stat()
      guard stat(path, &information) == 0 else { continue }
      guard information.st_mode & 0o077 == 0 else {
        return fail(
          "site key", "\(path) can be read by others, who can then find out what keys stand for",
          remedy: "chmod 0600 \(path)")
      }
    }
    good("site key", "present, and readable by its owner only")
  }

  /// Compares inotify's limit with the number of folders, and finds file systems without events.
  mutating func checkWatching() {
    let limit =
      (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_user_watches", encoding: .utf8))
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    let input = configuration.intake.input
    var folders = 0
    let most = (limit ?? 1_000_000) + 1
    FolderScan(
      file: { _ in },
      folder: { _ in
        folders += 1
        return folders < most
      }
    ).walk(input)
    if let limit, folders > limit * 9 / 10 {
      warn(
        "inotify",
        "\(folders == most ? "more than \(limit)" : "\(folders)") folders, \(limit) watches: files in the "
          + "rest are found by scanning every \(configuration.intake.rescan) s",
        remedy:
          "sysctl fs.inotify.max_user_watches=\(max(folders, limit) * 2) (and in /etc/sysctl.d)"
      )
    } else {
      good("inotify", "\(folders) folders of at most \(limit.map(String.init) ?? "?") watches")
    }
    if let kind = MountPoint(holding: input)?.fileSystem,
      Self.silent.contains(where: kind.hasPrefix)
    {
      good(
        "input",
        "is on \(kind), which reports no changes made elsewhere: files are found by scanning every "
          + "\(configuration.intake.rescan) s")
    }
  }

  /// File systems without events for changes made by other machines.
  private static let silent = ["nfs", "cifs", "smb", "fuse", "9p", "ceph", "gluster", "lustre"]

  mutating func checkDisks() {
    let minimum = configuration.intake.minimumFree
    let log = configuration.state.log.parentFolder
    for (name, path) in [("state", configuration.state.directory), ("log", log)] {
      guard let free = freeSpace(at: path) else { continue }
      let text = "\(free >> 20) MiB free at \(path)"
      if free < minimum {
        fail("disk", text + ", intake is paused", remedy: "make room, or lower intake.min_free_mb")
      } else if free < 2 * minimum {
        warn(
          "disk", text + ", intake pauses at \(minimum >> 20) MiB", remedy: "make room at \(name)")
      } else {
        good("disk", text)
      }
      var information = statvfs()
      if statvfs(path, &information) == 0, information.f_files > 0, information.f_favail < 1_000 {
        fail("disk", "no inodes left at \(path)", remedy: "remove small files there")
      }
    }
  }

  mutating func checkClock() {
    switch Self.output(of: "/usr/bin/timedatectl", "show", "-p", "NTPSynchronized", "--value") {
    case "yes": good("clock", "synchronised")
    case "no":
      warn(
        "clock", "is not synchronised: times in the log may not fit those of other systems",
        remedy: "timedatectl set-ntp true, or the time service of your site")
    default: good("clock", "unknown whether it is synchronised")
    }
  }

  private static func output(of executable: String, _ arguments: String...) -> String? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = try? pipe.fileHandleForReading.readToEnd()
    process.waitUntilExit()
    return String(decoding: data ?? Data(), as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
  }
}
