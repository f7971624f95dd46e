#pragma once
// A small HTTP server over libmicrohttpd, whose own functions are variadic.
#include <stddef.h>

struct chttpd;

struct chttpd_request {
  // "GET" (for HEAD too) or "POST".
  const char *method;
  const char *path;
  // Headers; NULL if absent.
  const char *host, *origin, *cookie;
  // The posted form.
  const char *body;
  size_t length;
};

struct chttpd_answer {
  int status;
  const char *content_type;
  // Allocated with malloc; the server frees them. Headers may be NULL.
  char *body;
  size_t length;
  char *location, *cookie;
};

// Answers a request; called from the server's own thread, one at a time.
typedef void (*chttpd_handler)(void *context, const struct chttpd_request *request, struct chttpd_answer *answer);

// Events of a connection, identified by its socket: it was opened, its request is complete, the handler is done, the
// answer was delivered or given up, it is about to be closed. Called from the server's own thread.
enum chttpd_event { CHTTPD_OPENED, CHTTPD_RECEIVED, CHTTPD_HANDLED, CHTTPD_ANSWERED, CHTTPD_CLOSED };
typedef void (*chttpd_watcher)(void *context, int socket, enum chttpd_event event);

// Serves a listening socket, which it closes at the end. Answers GET and HEAD, and POST of up to 8 KiB if `posts` is
// not 0. Returns NULL on failure.
struct chttpd *chttpd_start(int socket, int posts, chttpd_handler handler, chttpd_watcher watcher, void *context);
void chttpd_stop(struct chttpd *server);
