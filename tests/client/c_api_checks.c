/* The C interface, used from plain C: a service at `url` has the database d with the tables
 * t (k int, x double, b bool, v varchar), empty, and many (x int, s varchar), of a thousand rows.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tql.h"

static int failures = 0;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                     \
    }                                                                 \
  } while (0)

static void check_rows(tql_client* client) {
  tql_result* result = NULL;
  char* message = NULL;
  int has_row = 0;
  int64_t k = 0;
  double x = 0;
  int b = 0;
  size_t size = 0;
  CHECK(tql_query(client, "select k, x, b, v from t order by k;", NULL, &result, &message) ==
        TQL_OK);
  CHECK(tql_result_columns(result) == 4);
  CHECK(strcmp(tql_result_column_name(result, 3), "v") == 0);
  CHECK(tql_result_column_type(result, 1) == TQL_TYPE_DOUBLE);
  CHECK(tql_result_column_name(result, 4) == NULL);
  CHECK(tql_cell_is_null(result, 0) == -1);
  CHECK(tql_result_next(result, &has_row, &message) == TQL_OK && has_row == 1);
  CHECK(tql_cell_int64(result, 0, &k, NULL) == TQL_OK && k == 1);
  CHECK(tql_cell_double(result, 1, &x, NULL) == TQL_OK && x == -1.5);
  CHECK(tql_cell_bool(result, 2, &b, NULL) == TQL_OK && b == 1);
  CHECK(strcmp(tql_cell_text(result, 3, &size), "(null)") == 0 && size == 6);
  CHECK(tql_cell_int64(result, 3, &k, &message) == TQL_INVALID_ARGUMENT);
  CHECK(message != NULL && strstr(message, "\"v\", VARCHAR") != NULL);
  tql_free(message);
  CHECK(tql_cell_int64(result, 9, &k, NULL) == TQL_OUT_OF_RANGE);
  CHECK(tql_result_next(result, &has_row, NULL) == TQL_OK && has_row == 1);
  CHECK(tql_cell_is_null(result, 3) == 1 && tql_cell_text(result, 3, NULL) == NULL);
  CHECK(tql_cell_double(result, 1, &x, NULL) == TQL_FAILED_PRECONDITION);
  CHECK(tql_result_next(result, &has_row, NULL) == TQL_OK && has_row == 0);
  CHECK(tql_result_message(result, 0) != NULL && tql_result_message(result, 999) == NULL);
  tql_result_free(result);
}

static void check_script(tql_client* client) {
  tql_script* script = NULL;
  tql_result* result = NULL;
  int statements = 0;
  int errors = 0;
  CHECK(tql_run_script(client, "select 1; select nope; select 2;", NULL, &script, NULL) == TQL_OK);
  for (;;) {
    int has_row = 1;
    tql_status status = TQL_OK;
    CHECK(tql_script_next(script, &result, NULL) == TQL_OK);
    if (result == NULL) break;
    ++statements;
    while (status == TQL_OK && has_row) status = tql_result_next(result, &has_row, NULL);
    if (status != TQL_OK) ++errors;
    tql_result_free(result);
  }
  CHECK(statements == 3 && errors == 1);
  tql_script_free(script);
}

static void check_cancel(tql_client* client) {
  tql_cancel* cancel = tql_cancel_new();
  char* message = NULL;
  CHECK(tql_execute(client, "select 1;", cancel, &message) == TQL_OK && message == NULL);
  tql_cancel_request(cancel);
  CHECK(tql_execute(client, "select 1;", cancel, &message) == TQL_CANCELLED && message != NULL);
  tql_free(message);
  tql_cancel_free(cancel);
  CHECK(tql_execute(client, "select 1;", NULL, NULL) == TQL_OK);
}

static void* request_cancel(void* cancel) {
  tql_cancel_request(cancel);
  return NULL;
}

/* Another thread cancels while rows arrive, and while none does. */
static void check_cancel_midway(tql_client* client) {
  pthread_t other;
  tql_result* result = NULL;
  char* message = NULL;
  int has_row = 0;
  tql_status status = TQL_OK;
  tql_cancel* cancel = tql_cancel_new();
  CHECK(tql_query(client, "select top 1000000 a.x, b.x, a.s, b.s from many a, many b;", cancel,
                  &result, NULL) == TQL_OK);
  CHECK(tql_result_next(result, &has_row, NULL) == TQL_OK && has_row == 1);
  CHECK(pthread_create(&other, NULL, request_cancel, cancel) == 0);
  while (status == TQL_OK && has_row) status = tql_result_next(result, &has_row, &message);
  pthread_join(other, NULL);
  CHECK(status == TQL_CANCELLED && message != NULL);
  tql_free(message);
  CHECK(tql_result_next(result, &has_row, NULL) == TQL_CANCELLED);
  tql_result_free(result);
  tql_cancel_free(cancel);
  CHECK(tql_execute(client, "select 1;", NULL, NULL) == TQL_OK);

  cancel = tql_cancel_new();
  CHECK(pthread_create(&other, NULL, request_cancel, cancel) == 0);
  CHECK(tql_execute(client,
                    "select count(*) from many a, many b, many c, many d "
                    "where a.x + b.x + c.x + d.x < 0;",
                    cancel, NULL) == TQL_CANCELLED);
  pthread_join(other, NULL);
  tql_cancel_free(cancel);
  CHECK(tql_execute(client, "select 1;", NULL, NULL) == TQL_OK);
}

/* A program of an older version, whose struct ends early. */
struct older_options {
  size_t size;
  const char* user;
  const char* password;
  const char* database;
};
/* And one of a newer version. */
struct newer_options {
  tql_options known;
  const char* future;
  int64_t more;
};

static void check_versions(const char* url, const char* user, const char* password) {
  tql_client* client = NULL;
  char* message = NULL;
  size_t i = 0;
  const size_t wrong[] = {0, 1, 8, 17, 4104, (size_t)-1, (size_t)-8};
  /* On the heap, so that a look beyond its end is found out. */
  struct older_options* older = malloc(sizeof *older);
  struct newer_options newer;
  memset(&newer, 0, sizeof newer);
  older->size = sizeof *older;
  older->user = user;
  older->password = password;
  older->database = "d";
  CHECK(tql_connect(url, (const tql_options*)(const void*)older, &client, NULL) == TQL_OK);
  CHECK(tql_execute(client, "select k from t;", NULL, NULL) == TQL_OK);
  tql_client_free(client);
  client = NULL;
  for (i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    older->size = wrong[i];
    CHECK(tql_connect(url, (const tql_options*)(const void*)older, &client, &message) ==
              TQL_INVALID_ARGUMENT &&
          client == NULL);
    CHECK(message != NULL && strstr(message, "tql_options.size") != NULL);
    tql_free(message);
  }
  free(older);

  newer.known.size = sizeof newer;
  newer.known.user = user;
  newer.known.password = password;
  CHECK(tql_connect(url, &newer.known, &client, NULL) == TQL_OK);
  tql_client_free(client);
  client = NULL;
  newer.more = 1;
  CHECK(tql_connect(url, &newer.known, &client, &message) == TQL_INVALID_ARGUMENT);
  CHECK(client == NULL && message != NULL && strstr(message, "compiled for a newer one") != NULL);
  tql_free(message);
}

static void check_errors(tql_client* client) {
  tql_client* none = NULL;
  tql_options wrong = TQL_OPTIONS_INIT;
  char* message = NULL;
  CHECK(tql_connect("ftp://h", NULL, &none, &message) == TQL_INVALID_ARGUMENT && none == NULL);
  CHECK(message != NULL && strstr(message, "scheme") != NULL);
  tql_free(message);
  wrong.size = 1;
  CHECK(tql_connect("h", &wrong, &none, NULL) == TQL_INVALID_ARGUMENT);
  CHECK(tql_execute(NULL, "select 1;", NULL, NULL) == TQL_INVALID_ARGUMENT);
  CHECK(tql_execute(client, NULL, NULL, NULL) == TQL_INVALID_ARGUMENT);
  CHECK(tql_execute(client, "selec;", NULL, NULL) == TQL_INVALID_ARGUMENT);
  CHECK(strcmp(tql_status_name(TQL_NOT_FOUND), "NOT_FOUND") == 0);
  CHECK(strcmp(tql_status_name((tql_status)256), "UNKNOWN") == 0);
  CHECK(strcmp(tql_status_name((tql_status)-1), "UNKNOWN") == 0);
  tql_client_free(NULL);
  tql_result_free(NULL);
  tql_script_free(NULL);
  tql_cancel_free(NULL);
  tql_free(NULL);
}

int c_api_checks(const char* url, const char* user, const char* password) {
  tql_options options = TQL_OPTIONS_INIT;
  tql_client* client = NULL;
  char* message = NULL;
  CHECK(tql_abi_version() == TQL_ABI_VERSION);
  options.user = user;
  options.password = "wrong";
  CHECK(tql_connect(url, &options, &client, NULL) == TQL_UNAUTHENTICATED && client == NULL);
  options.password = password;
  options.database = "d";
  if (tql_connect(url, &options, &client, &message) != TQL_OK) {
    fprintf(stderr, "%s\n", message);
    tql_free(message);
    return failures + 1;
  }
  CHECK(tql_execute(client, "insert into t values (1, -1.5, true, '(null)');", NULL, NULL) ==
        TQL_OK);
  CHECK(tql_execute(client, "insert into t values (2, null, false, null);", NULL, NULL) == TQL_OK);
  check_rows(client);
  check_script(client);
  check_cancel(client);
  check_cancel_midway(client);
  check_versions(url, user, password);
  check_errors(client);
  tql_client_free(client);
  return failures;
}
