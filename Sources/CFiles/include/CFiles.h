#pragma once
// Calls on files that Swift can't import.
#include <sys/types.h>

enum { CFILES_GROUPS = 256 };

// A thread's previous group and groups. A change of rights on files affects no other thread.
typedef struct {
  gid_t group;
  int count;
  gid_t groups[CFILES_GROUPS];
} cfiles_saved;

// The user whose rights on files the thread has.
uid_t cfiles_user(void);

// Replaces the thread's root rights on files by those of a user and a group. Returns 0, or errno with nothing changed.
int cfiles_become(uid_t user, gid_t group, cfiles_saved *saved);

// Gives root's rights back.
void cfiles_return(const cfiles_saved *saved);

// The birth time of a file, nanoseconds since 1970; 0 if the file system doesn't record it.
long long cfiles_born(const char *path);
