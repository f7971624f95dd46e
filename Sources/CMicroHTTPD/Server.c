#include "CMicroHTTPD.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

enum { most = 8192 };

struct chttpd {
  struct MHD_Daemon *daemon;
  int posts;
  chttpd_handler handler;
  chttpd_watcher watcher;
  void *context;
};

// The part of a request's body that has arrived.
struct posted {
  size_t length;
  int overflow;
  char body[most];
};

static int socket_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == NULL ? -1 : info->connect_fd;
}

static void watch(void *context, struct MHD_Connection *connection, void **state,
                  enum MHD_ConnectionNotificationCode code) {
  const struct chttpd *server = context;
  (void)state;
  server->watcher(server->context, socket_of(connection),
                  code == MHD_CONNECTION_NOTIFY_STARTED ? CHTTPD_OPENED : CHTTPD_CLOSED);
}

static const char *header(struct MHD_Connection *connection, const char *name) {
  return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void add(struct MHD_Response *response, const char *name, const char *value) {
  // libmicrohttpd itself refuses line breaks in values.
  if (value != NULL) MHD_add_response_header(response, name, value);
}

static enum MHD_Result respond(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *version, const char *data, size_t *size, void **state) {
  struct chttpd *server = context;
  struct posted *posted = *state;
  (void)version;
  // The first call comes before the body.
  if (posted == NULL) {
    *state = calloc(1, sizeof *posted);
    return *state == NULL ? MHD_NO : MHD_YES;
  }
  if (*size > 0) {
    if (*size > most - posted->length) posted->overflow = 1;
    if (!posted->overflow) {
      memcpy(posted->body + posted->length, data, *size);
      posted->length += *size;
    }
    *size = 0;
    return MHD_YES;
  }
  const int gets = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
  const int posts = server->posts && strcmp(method, "POST") == 0;
  struct chttpd_answer answer = {posted->overflow ? 413 : 405, "text/plain; charset=utf-8", NULL, 0, NULL, NULL};
  server->watcher(server->context, socket_of(connection), CHTTPD_RECEIVED);
  if (!posted->overflow && (gets || posts)) {
    const struct chttpd_request request = {gets ? "GET" : "POST",
                                           path,
                                           header(connection, MHD_HTTP_HEADER_HOST),
                                           header(connection, "Origin"),
                                           header(connection, MHD_HTTP_HEADER_COOKIE),
                                           posted->body,
                                           posted->length};
    server->handler(server->context, &request, &answer);
  }
  server->watcher(server->context, socket_of(connection), CHTTPD_HANDLED);
  struct MHD_Response *response = MHD_create_response_from_buffer(answer.length, answer.body, MHD_RESPMEM_MUST_FREE);
  enum MHD_Result queued = MHD_NO;
  if (response == NULL) {
    free(answer.body);
  } else {
    add(response, "Content-Type", answer.content_type);
    add(response, "Cache-Control", "no-store");
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "same-origin");
    // Pages run no scripts but our own files and load nothing from elsewhere.
    add(response, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; form-action "
        "'self'; "
        "frame-ancestors 'none'; base-uri 'none'");
    add(response, "Location", answer.location);
    add(response, "Set-Cookie", answer.cookie);
    if (answer.status == 405) add(response, "Allow", server->posts ? "GET, HEAD, POST" : "GET, HEAD");
    queued = MHD_queue_response(connection, (unsigned)answer.status, response);
    MHD_destroy_response(response);
  }
  free(answer.location);
  free(answer.cookie);
  return queued;
}

static void completed(void *context, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code) {
  const struct chttpd *server = context;
  (void)code;
  server->watcher(server->context, socket_of(connection), CHTTPD_ANSWERED);
  free(*state);
  *state = NULL;
}

struct chttpd *chttpd_start(int socket, int posts, chttpd_handler handler, chttpd_watcher watcher, void *context) {
  struct chttpd *server = malloc(sizeof *server);
  if (server == NULL) return NULL;
  server->posts = posts;
  server->handler = handler;
  server->watcher = watcher;
  server->context = context;
  server->daemon =
      MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, respond, server, MHD_OPTION_LISTEN_SOCKET,
                       socket, MHD_OPTION_CONNECTION_LIMIT, 64u, MHD_OPTION_CONNECTION_TIMEOUT, 10u,
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384, MHD_OPTION_NOTIFY_COMPLETED, completed,
                       server, MHD_OPTION_NOTIFY_CONNECTION, watch, server, MHD_OPTION_END);
  if (server->daemon == NULL) {
    free(server);
    return NULL;
  }
  return server;
}

void chttpd_stop(struct chttpd *server) {
  MHD_stop_daemon(server->daemon);
  free(server);
}
