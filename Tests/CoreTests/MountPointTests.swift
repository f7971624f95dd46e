import Testing

@testable import Core

/// Mount points from the kernel's table.
@Suite struct MountPointTests {
  private static let table = #"""
    22 27 0:21 / /proc rw,relatime - proc proc rw
    27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
    40 27 0:45 / /srv/pacs rw shared:9 master:2 - nfs4 pacs:/export rw
    41 40 8:1 /data /srv/pacs/local rw - ext4 /dev/sda1 rw
    42 27 0:46 / /mnt/CT\040new\134x rw - cifs //pacs/ct rw
    43 27 0:47 / /mnt/CT\040new\134x rw - tmpfs none rw
    44 27 0:48
    """#

  @Test(arguments: [
    ("/srv", "/", "ext4"), ("/srv/pacs", "/srv/pacs", "nfs4"), ("/srv/pacs2", "/", "ext4"),
    ("/srv/pacs/2026/a", "/srv/pacs", "nfs4"), ("/srv/pacs/local/a", "/srv/pacs/local", "ext4"),
    (#"/mnt/CT new\x/a"#, #"/mnt/CT new\x"#, "tmpfs"), ("/", "/", "ext4"),
  ])
  func `the innermost mount holds a path, the last of several at one place`(
    _ path: String, _ place: String, _ fileSystem: String
  ) {
    let found = MountPoint(holdingResolved: path, among: MountPoint.entries(Self.table))
    #expect(found?.path == place)
    #expect(found?.fileSystem == fileSystem)
  }

  @Test func `the machine's own table is read`() {
    #expect(MountPoint(holding: "/proc/self")?.fileSystem == "proc")
    #expect(MountPoint(holding: "/nowhere/at/all") == nil)
    #expect(MountPoint(holdingResolved: "/srv", among: []) == nil)
  }
}
