#define _GNU_SOURCE
#include "CFileOwner.h"

#include <errno.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

uid_t cfileowner_user(void) { return (uid_t)setfsuid((uid_t)-1); }

int cfileowner_become(uid_t user, gid_t group, cfileowner_saved *saved) {
  saved->count = getgroups(CFILEOWNER_GROUPS, saved->groups);
  if (saved->count < 0) return errno;
  // Not glibc's setgroups, which changes all threads.
  if (syscall(SYS_setgroups, 0, NULL) != 0) return errno;
  saved->group = (gid_t)setfsgid(group);
  setfsuid(user);
  // Neither says whether it did.
  if ((gid_t)setfsgid((gid_t)-1) == group && cfileowner_user() == user) return 0;
  cfileowner_return(saved);
  return EPERM;
}

void cfileowner_return(const cfileowner_saved *saved) {
  setfsuid(0);
  setfsgid(saved->group);
  syscall(SYS_setgroups, (size_t)saved->count, saved->groups);
}
