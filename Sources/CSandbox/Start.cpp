#include "CSandbox.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

extern char **environ;

namespace {

int spawn(const char *executable, const char *argument, int socket, int memory, pid_t *process) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // Through high numbers first: either descriptor may already be 3 or 4.
  posix_spawn_file_actions_adddup2(&actions, socket, 1001);
  posix_spawn_file_actions_adddup2(&actions, memory, 1002);
  posix_spawn_file_actions_adddup2(&actions, 1001, CSANDBOX_SOCKET);
  posix_spawn_file_actions_adddup2(&actions, 1002, CSANDBOX_MEMORY);
  posix_spawn_file_actions_addclosefrom_np(&actions, CSANDBOX_MEMORY + 1);
  // What a library prints may contain parts of the file.
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The daemon blocks the signals that it waits for; a worker must not inherit that. A process group of its own keeps
  // the terminal's Ctrl-C for the daemon, which ends its workers itself.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  char *const arguments[] = {const_cast<char *>(executable), const_cast<char *>(argument), nullptr};
  // A backtrace would show registers and memory: parts of a patient's file.
  static char quiet[] = "SWIFT_BACKTRACE=enable=no";
  std::vector<char *> environment;
  for (char **entry = environ; *entry; ++entry)
    if (strncmp(*entry, "SWIFT_BACKTRACE=", 16) != 0) environment.push_back(*entry);
  environment.push_back(quiet);
  environment.push_back(nullptr);
  const int code = posix_spawn(process, executable, &actions, &attributes, arguments, environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int start(const char *executable, const char *argument, size_t memory_bytes, csandbox_worker *worker) {
  int pair[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return errno;
  void *mapped = MAP_FAILED;
  int code = 0;
  const int memory = memfd_create("radiologynet-frames", MFD_CLOEXEC);
  if (memory < 0 || ftruncate(memory, static_cast<off_t>(memory_bytes)) != 0) code = errno;
  if (!code) {
    mapped = mmap(nullptr, memory_bytes, PROT_READ, MAP_SHARED, memory, 0);
    if (mapped == MAP_FAILED) code = errno;
  }
  if (!code) code = spawn(executable, argument, pair[1], memory, &worker->process);
  if (memory >= 0) close(memory);
  close(pair[1]);
  if (code) {
    if (mapped != MAP_FAILED) munmap(mapped, memory_bytes);
    close(pair[0]);
    return code;
  }
  worker->socket = pair[0];
  worker->memory = mapped;
  return 0;
}

}  // namespace

extern "C" int csandbox_start(const char *executable, const char *argument, size_t memory_bytes,
                              csandbox_worker *worker) {
  try {
    return start(executable, argument, memory_bytes, worker);
  } catch (...) {
    return ENOMEM;
  }
}
