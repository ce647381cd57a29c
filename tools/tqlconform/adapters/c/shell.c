/* A small shell over the C interface of libtql, to be checked in shell depth with shell.yaml.
 * Executes the statements of standard input, one a line, and prints the rows; the exit status is 1
 * after a failure. The password is in TQL_PASSWORD. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tql.h"

static int Fail(const char* message) {
  fprintf(stderr, "error: %s\n", message == NULL ? "unknown" : message);
  return 1;
}

static void PrintRow(tql_result* result) {
  for (size_t i = 0; i < tql_result_columns(result); ++i) {
    size_t size = 0;
    const char* const text = tql_cell_text(result, i, &size);
    if (i > 0) putchar('|');
    if (text == NULL) {
      fputs("(null)", stdout);
    } else {
      fwrite(text, 1, size, stdout);
    }
  }
  putchar('\n');
}

static int Execute(tql_client* client, const char* statement) {
  tql_result* result = NULL;
  char* message = NULL;
  int has_row = 1;
  int failed = 0;
  if (tql_query(client, statement, NULL, &result, &message) != TQL_OK) {
    failed = Fail(message);
    tql_free(message);
    return failed;
  }
  while (has_row) {
    if (tql_result_next(result, &has_row, &message) != TQL_OK) {
      failed = Fail(message);
      tql_free(message);
      break;
    }
    if (has_row) PrintRow(result);
  }
  for (size_t i = 0; tql_result_message(result, i) != NULL; ++i) {
    fputs(tql_result_message(result, i), stderr);
  }
  tql_result_free(result);
  return failed;
}

int main(int argc, char** argv) {
  if (argc != 5) return Fail("usage: shell URL USER SECONDS CA_FILE");
  tql_options options = TQL_OPTIONS_INIT;
  options.user = argv[2];
  options.query_timeout_ms = (int64_t)(atof(argv[3]) * 1000);
  options.connect_timeout_ms = options.query_timeout_ms;
  options.ca_file = argv[4][0] == '\0' ? NULL : argv[4];
  tql_client* client = NULL;
  char* message = NULL;
  if (tql_connect(argv[1], &options, &client, &message) != TQL_OK) {
    const int failed = Fail(message);
    tql_free(message);
    return failed;
  }
  int failed = 0;
  char* line = NULL;
  size_t capacity = 0;
  while (getline(&line, &capacity, stdin) > 0) {
    line[strcspn(line, "\n")] = '\0';
    if (Execute(client, line) != 0) failed = 1;
  }
  free(line);
  tql_client_free(client);
  return failed;
}
