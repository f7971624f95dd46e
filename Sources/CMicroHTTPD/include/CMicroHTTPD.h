#pragma once
// A small HTTP server over libmicrohttpd, whose own functions take variable arguments.
#include <stddef.h>

struct chttpd;

struct chttpd_answer {
  int status;
  const char *content_type;
  // Made with malloc; the server frees it.
  char *body;
  size_t length;
};

// Answers GET and HEAD requests; called from the server's own thread, one at a time.
typedef void (*chttpd_handler)(void *context, const char *path, struct chttpd_answer *answer);

// Serves a listening socket, which it closes in the end. Returns NULL when it can't.
struct chttpd *chttpd_start(int socket, chttpd_handler handler, void *context);
void chttpd_stop(struct chttpd *server);
