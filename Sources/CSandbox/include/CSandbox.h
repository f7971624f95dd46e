#pragma once
// Starts a decoding worker and drops its rights: calls and GNU extensions that Swift can't import.
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// The descriptors that are open in a worker.
enum { CSANDBOX_SOCKET = 3, CSANDBOX_MEMORY = 4 };

typedef struct {
  pid_t process;
  int socket;    // ours; the worker's end is CSANDBOX_SOCKET
  void *memory;  // mapped read-only here, CSANDBOX_MEMORY there
} csandbox_worker;

// Starts `executable` with one argument, a socket pair and `memory_bytes` of shared memory.
// Returns 0, or errno of the step that failed.
int csandbox_start(const char *executable, const char *argument, size_t memory_bytes, csandbox_worker *worker);

// In the worker: limits the address space to `memory` bytes; forbids core dumps, new privileges, network, processes and
// every change to the file system (seccomp, and Landlock where the kernel has it); asks to be killed when the parent
// dies; and tries what is forbidden. Returns 0, or errno of the first failure; ENOTRECOVERABLE when the kernel accepted
// everything but refuses nothing.
int csandbox_enter(uint64_t memory);

// Whether this kernel has Landlock.
int csandbox_has_landlock(void);

// In the worker: allows `seconds` of processor time from now on, then the process is killed.
int csandbox_allow_time(double seconds);

#ifdef __cplusplus
}
#endif
