#pragma once
// Calls on files that Swift can't import.
#include <sys/types.h>

enum { CFILES_GROUPS = 256 };

// What a thread had before. Whose rights on files a thread has reaches no other thread.
typedef struct {
  gid_t group;
  int count;
  gid_t groups[CFILES_GROUPS];
} cfiles_saved;

// Whose rights on files the thread has.
uid_t cfiles_user(void);

// Takes root's rights on files from the thread and gives it those of a user and a group. Returns 0, or errno; nothing
// is changed then.
int cfiles_become(uid_t user, gid_t group, cfiles_saved *saved);

// Gives root's rights back.
void cfiles_return(const cfiles_saved *saved);

// When a file was made, nanoseconds since 1970; 0 where the file system doesn't know.
long long cfiles_born(const char *path);
