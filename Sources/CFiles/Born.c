#define _GNU_SOURCE
#include "CFiles.h"

#include <fcntl.h>
#include <sys/stat.h>

long long cfiles_born(const char *path) {
  struct statx found;
  if (statx(AT_FDCWD, path, 0, STATX_BTIME, &found) != 0 || !(found.stx_mask & STATX_BTIME)) return 0;
  return (long long)found.stx_btime.tv_sec * 1000000000 + found.stx_btime.tv_nsec;
}
