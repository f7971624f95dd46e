#include "CMicroHTTPD.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

struct chttpd {
  struct MHD_Daemon *daemon;
  chttpd_handler handler;
  void *context;
};

static enum MHD_Result respond(void *context, struct MHD_Connection *connection, const char *path,
                               const char *method, const char *version, const char *data, size_t *size,
                               void **state) {
  static int seen;
  struct chttpd *server = context;
  (void)version;
  (void)data;
  // The first call comes before the body, of which nothing is wanted.
  if (*state == NULL) {
    *state = &seen;
    return MHD_YES;
  }
  if (*size > 0) {
    *size = 0;
    return MHD_YES;
  }
  struct chttpd_answer answer = {405, "text/plain; charset=utf-8", NULL, 0};
  if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) server->handler(server->context, path, &answer);
  struct MHD_Response *response =
      MHD_create_response_from_buffer(answer.length, answer.body, MHD_RESPMEM_MUST_FREE);
  if (response == NULL) {
    free(answer.body);
    return MHD_NO;
  }
  MHD_add_response_header(response, "Content-Type", answer.content_type);
  MHD_add_response_header(response, "Cache-Control", "no-store");
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  if (answer.status == 405) MHD_add_response_header(response, "Allow", "GET, HEAD");
  const enum MHD_Result queued = MHD_queue_response(connection, (unsigned)answer.status, response);
  MHD_destroy_response(response);
  return queued;
}

struct chttpd *chttpd_start(int socket, chttpd_handler handler, void *context) {
  struct chttpd *server = malloc(sizeof *server);
  if (server == NULL) return NULL;
  server->handler = handler;
  server->context = context;
  server->daemon = MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, respond, server, MHD_OPTION_LISTEN_SOCKET, socket,
      MHD_OPTION_CONNECTION_LIMIT, 32u, MHD_OPTION_CONNECTION_TIMEOUT, 10u,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384, MHD_OPTION_END);
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
