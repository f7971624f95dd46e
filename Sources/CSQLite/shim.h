#pragma once
#include <sqlite3.h>

// The destructor constant is a cast that Swift can't import.
static inline sqlite3_destructor_type csqlite_transient(void) {
  return SQLITE_TRANSIENT;
}
