#pragma once
// Whose rights the calling thread has on files: calls that Swift can't import, and that reach no other thread.
#include <sys/types.h>

enum { CFILEOWNER_GROUPS = 256 };

// What a thread had before.
typedef struct {
  gid_t group;
  int count;
  gid_t groups[CFILEOWNER_GROUPS];
} cfileowner_saved;

// Whose rights on files the thread has.
uid_t cfileowner_user(void);

// Takes root's rights on files from the thread and gives it those of a user and a group. Returns 0, or errno; nothing is
// changed then.
int cfileowner_become(uid_t user, gid_t group, cfileowner_saved *saved);

// Gives root's rights back.
void cfileowner_return(const cfileowner_saved *saved);
