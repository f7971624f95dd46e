#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

uid_t cfiles_user(void) {
  return (uid_t)setfsuid((uid_t)-1);
}

int cfiles_become(uid_t user, gid_t group, cfiles_saved *saved) {
  saved->count = getgroups(CFILES_GROUPS, saved->groups);
  if (saved->count < 0) return errno;
  // Not glibc's setgroups, which changes all threads.
  if (syscall(SYS_setgroups, 0, NULL) != 0) return errno;
  saved->group = (gid_t)setfsgid(group);
  setfsuid(user);
  // Neither call reports failure.
  if ((gid_t)setfsgid((gid_t)-1) == group && cfiles_user() == user) return 0;
  cfiles_return(saved);
  return EPERM;
}

void cfiles_return(const cfiles_saved *saved) {
  setfsuid(0);
  setfsgid(saved->group);
  syscall(SYS_setgroups, (size_t)saved->count, saved->groups);
}
