#pragma once
// Calls on files that Swift can't import.
#include <sys/types.h>

enum { CFILES_GROUPS = 256 };

// A thread's previous group and supplementary groups. File rights change for the calling thread only.
typedef struct {
  gid_t group;
  int count;
  gid_t groups[CFILES_GROUPS];
} cfiles_saved;

// The user whose file rights the thread has.
uid_t cfiles_user(void);

// Replaces the thread's root rights on files with a user's and a group's. Returns 0, or errno with nothing changed.
int cfiles_become(uid_t user, gid_t group, cfiles_saved *saved);

// Restores root's rights.
void cfiles_return(const cfiles_saved *saved);

// The birth time of a file, nanoseconds since 1970; 0 if the file system doesn't record it.
long long cfiles_born(const char *path);
