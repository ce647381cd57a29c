/* The example of the page about C. Prints the stores of the sample database at a URL. */
#include <stdio.h>
#include <tql.h>

static int Fail(char* message) {
  fprintf(stderr, "%s\n", message);
  tql_free(message);
  return 1;
}

int main(int argc, char** argv) {
  tql_result* result = NULL;
  int has_row = 0;
  int failed = 0;
  if (argc < 2) {
    fprintf(stderr, "Usage: doc_c_example URL\n");
    return 1;
  }

  tql_options options = TQL_OPTIONS_INIT;
  tql_client* client = NULL;
  char* message = NULL;
  options.password = "admin";
  if (tql_connect(argv[1], &options, &client, &message) != TQL_OK) return Fail(message);
  if (tql_query(client, "select store_id, city from store;", NULL, &result, &message) == TQL_OK) {
    while (tql_result_next(result, &has_row, &message) == TQL_OK && has_row) {
      int64_t id = 0;
      if (tql_cell_int64(result, 0, &id, NULL) != TQL_OK) continue;
      printf("%d %s\n", (int)id, tql_cell_text(result, 1, NULL));
    }
  }
  if (message) failed = Fail(message);
  tql_result_free(result);
  tql_client_free(client);
  return failed;
}
