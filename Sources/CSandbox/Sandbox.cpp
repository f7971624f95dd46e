#include "CSandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <initializer_list>

#include <seccomp.h>

namespace {

bool limit(__rlimit_resource resource, rlim_t most) {
  const struct rlimit value = {most, most};
  return setrlimit(resource, &value) == 0;
}

// Forbids every change to the file system if the kernel has Landlock (5.13); true if it hasn't.
bool forbidWriting() {
  struct landlock_ruleset_attr rules = {};
  rules.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                            LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                            LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                            LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
  const long ruleset = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
  if (ruleset < 0) return errno == ENOSYS || errno == EOPNOTSUPP;
  const long entered = syscall(SYS_landlock_restrict_self, static_cast<int>(ruleset), 0);
  close(static_cast<int>(ruleset));
  return entered == 0;
}

// Refuses with EPERM the calls that a decoder doesn't need: network, processes, changes to files, signals, tracing.
// Nothing is decoded without this filter.
bool forbidCalls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (!filter) return false;
  bool good = true;
  for (const char *name : {"socket",
                           "socketpair",
                           "connect",
                           "bind",
                           "listen",
                           "accept",
                           "accept4",
                           "sendto",
                           "sendmmsg",
                           "execve",
                           "execveat",
                           "fork",
                           "vfork",
                           "ptrace",
                           "process_vm_readv",
                           "process_vm_writev",
                           "kill",
                           "unlink",
                           "unlinkat",
                           "rename",
                           "renameat",
                           "renameat2",
                           "link",
                           "linkat",
                           "symlink",
                           "symlinkat",
                           "mkdir",
                           "mkdirat",
                           "rmdir",
                           "mknod",
                           "mknodat",
                           "chmod",
                           "fchmod",
                           "fchmodat",
                           "chown",
                           "fchown",
                           "lchown",
                           "fchownat",
                           "truncate",
                           "creat",
                           "mount",
                           "umount2",
                           "chroot",
                           "pivot_root",
                           "setns",
                           "unshare",
                           "bpf",
                           "keyctl",
                           "add_key",
                           "request_key",
                           "perf_event_open",
                           "io_uring_setup",
                           "openat2",
                           "memfd_create"}) {
    const int number = seccomp_syscall_resolve_name(name);
    // send() is sendto() with no address: the socket to the daemon stays usable.
    if (number == __NR_SCMP_ERROR) continue;
    if (number == SCMP_SYS(sendto)) {
      good = good &&
             seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 1, SCMP_A0(SCMP_CMP_NE, CSANDBOX_SOCKET)) == 0;
    } else {
      good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0) == 0;
    }
  }
  for (const int call : {SCMP_SYS(open), SCMP_SYS(openat)}) {
    const unsigned argument = call == SCMP_SYS(open) ? 1 : 2;
    for (const scmp_datum_t flag : {O_WRONLY, O_RDWR, O_CREAT}) {
      good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 1,
                                      SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, flag, flag)) == 0;
    }
  }
  const int loaded = good ? seccomp_load(filter) : -EFAULT;
  seccomp_release(filter);
  errno = -loaded;
  return loaded == 0;
}

// Tries what must be refused, in case the sandbox isn't enforced.
bool holds() {
  const int network = socket(AF_INET, SOCK_STREAM, 0);
  const bool silent = network < 0 && errno == EPERM;
  if (network >= 0) close(network);
  const int file = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const bool unwriting = file < 0 && (errno == EPERM || errno == EACCES);
  if (file >= 0) close(file);
  errno = ENOTRECOVERABLE;
  return silent && unwriting;
}

}  // namespace

extern "C" int csandbox_enter(uint64_t memory) {
  const bool entered = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                       prctl(PR_SET_DUMPABLE, 0) == 0 && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
                       limit(RLIMIT_AS, memory) && forbidWriting() && forbidCalls() && holds();
  return entered ? 0 : (errno ? errno : EPERM);
}

extern "C" int csandbox_has_landlock(void) {
  return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

extern "C" int csandbox_allow_time(double seconds) {
  struct rusage used;
  if (getrusage(RUSAGE_SELF, &used) != 0) return errno;
  const rlim_t soft = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec + seconds + 2);
  // Only the soft limit: the next file gets another one. SIGXCPU ends a process that reaches it.
  const struct rlimit value = {soft, RLIM_INFINITY};
  return setrlimit(RLIMIT_CPU, &value) == 0 ? 0 : errno;
}
