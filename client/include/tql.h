/** \file
 * The C interface of libtql: opaque handles, status codes and messages. For C, and for languages
 * that call C; C++ programs use tql/client.h, which has more.
 *
 * ```c
 * tql_options options = TQL_OPTIONS_INIT;
 * tql_client* client = NULL;
 * char* message = NULL;
 * options.password = "admin";
 * if (tql_connect(argv[1], &options, &client, &message) != TQL_OK) return Fail(message);
 * ```
 *
 * Conventions, for every function:
 *
 * - Texts are UTF-8. Those that go in end with a NUL; those that come out do, too.
 * - A function that can fail returns a tql_status. On anything but TQL_OK it sets *message, when
 *   `message` is not NULL, to a text for people that the caller frees with tql_free; on TQL_OK it
 *   sets it to NULL. Results that go out by pointer are set only on TQL_OK.
 * - A handle is owned by the caller, who frees it with the function of its name; NULL may be
 *   freed. Handles may be freed in any order: each keeps what it needs.
 * - A tql_client and a tql_cancel may be used by several threads at once. A tql_result and a
 *   tql_script belong to one thread at a time. Nothing may be used while it is being freed.
 * - Passing NULL for a handle or a text that is needed gives TQL_INVALID_ARGUMENT.
 *
 * Functions and the members of structs are only ever added; TQL_ABI_VERSION changes with what would
 * break programs. */
#ifndef TQL_H_
#define TQL_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this interface. */
#define TQL_ABI_VERSION 1
/** TQL_ABI_VERSION of the library that is loaded. */
int tql_abi_version(void);

/** The codes of tql::StatusCode, which are gRPC's. */
typedef enum tql_status {
  TQL_OK = 0,
  TQL_CANCELLED = 1,
  TQL_UNKNOWN = 2,
  TQL_INVALID_ARGUMENT = 3, /**< also: the service could not parse the statement */
  TQL_DEADLINE_EXCEEDED = 4,
  TQL_NOT_FOUND = 5,
  TQL_ALREADY_EXISTS = 6,
  TQL_PERMISSION_DENIED = 7,
  TQL_RESOURCE_EXHAUSTED = 8,
  TQL_FAILED_PRECONDITION = 9, /**< also: the service refused the statement; a cell is NULL */
  TQL_ABORTED = 10,
  TQL_OUT_OF_RANGE = 11,
  TQL_UNIMPLEMENTED = 12,
  TQL_INTERNAL = 13,
  TQL_UNAVAILABLE = 14,
  TQL_DATA_LOSS = 15,
  TQL_UNAUTHENTICATED = 16
} tql_status;
/** "NOT_FOUND"; "UNKNOWN" for a number that is no code. Never freed. */
const char* tql_status_name(tql_status status);

/** The type of a column, as the service names it. */
typedef enum tql_type {
  TQL_TYPE_UNKNOWN = 0, /**< also: a type that this version does not know; its cells are text */
  TQL_TYPE_VARCHAR = 1,
  TQL_TYPE_DOUBLE = 2,
  TQL_TYPE_FLOAT = 3,
  TQL_TYPE_BOOL = 4,
  TQL_TYPE_INT = 5,
  TQL_TYPE_DATETIME = 6,
  TQL_TYPE_DATE = 7,
  TQL_TYPE_TIME = 8,
  TQL_TYPE_BIGINT = 9
} tql_type;

/** A session. */
typedef struct tql_client tql_client;
/** The answer to one statement, while it arrives. */
typedef struct tql_result tql_result;
/** The answer to a script: results in their order. */
typedef struct tql_script tql_script;
/** Ends the calls that were given it. */
typedef struct tql_cancel tql_cancel;

/** How to connect. NULL and zero say nothing: the URL, the environment and the profile do then, in
 * the order that tql/profile.h has. Start with TQL_OPTIONS_INIT.
 *
 * `size` tells the version: of a struct that is shorter than the library's, the members that it
 * lacks say nothing; of a longer one, those that the library does not know must say nothing, or
 * tql_connect fails with TQL_INVALID_ARGUMENT, as it does for more than 4096 bytes, which no
 * version will have. Nothing beyond `size` is read. */
typedef struct tql_options {
  size_t size;                /**< sizeof(tql_options), as the program was compiled */
  const char* user;           /**< who logs in */
  const char* password;       /**< of that user */
  const char* database;       /**< current at the start */
  const char* schema;         /**< where names are looked up that are not fully qualified */
  const char* profile;        /**< a section of the file of profiles */
  const char* ca_file;        /**< PEM: certificates to trust */
  int insecure;               /**< not 0: accept any certificate */
  int64_t query_timeout_ms;   /**< of a statement or script in all */
  int64_t connect_timeout_ms; /**< of reaching the service */
} tql_options;
/** Options that say nothing. */
#define TQL_OPTIONS_INIT \
  { sizeof(tql_options), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0 }

/** Frees a message. */
void tql_free(char* message);

/** Connects and, with a user and a password, logs in. `url` and `options` may be NULL. */
tql_status tql_connect(const char* url, const tql_options* options, tql_client** client,
                       char** message);
/** Frees a client. Its results stay good. */
void tql_client_free(tql_client* client);

/** A token that starts unrequested; NULL when there is no memory. Freeing it ends nothing. */
tql_cancel* tql_cancel_new(void);
/** Ends every call, now or later, that was given it, with TQL_CANCELLED. Any thread. The client
 * stays usable. */
void tql_cancel_request(tql_cancel* cancel);
/** Frees a token. */
void tql_cancel_free(tql_cancel* cancel);

/** Runs one statement to its end, for its effect. `cancel` may be NULL. */
tql_status tql_execute(tql_client* client, const char* statement, tql_cancel* cancel,
                       char** message);
/** Runs one statement; its rows are read with tql_result_next. Errors of the statement come there.
 */
tql_status tql_query(tql_client* client, const char* statement, tql_cancel* cancel,
                     tql_result** result, char** message);
/** Runs a script on the server. */
tql_status tql_run_script(tql_client* client, const char* script, tql_cancel* cancel,
                          tql_script** result, char** message);

/** Moves to the next row; *has_row is 0 behind the last one. An error ends the result. */
tql_status tql_result_next(tql_result* result, int* has_row, char** message);
/** The columns, from 0; 0 of them for what is no SELECT. May wait for the service. */
size_t tql_result_columns(tql_result* result);
/** NULL for a column that is not there. Valid until the result is freed. */
const char* tql_result_column_name(tql_result* result, size_t column);
/** TQL_TYPE_UNKNOWN for a column that is not there. */
tql_type tql_result_column_type(tql_result* result, size_t column);
/** What the service has said so far. NULL beyond the last. Valid until the next tql_result_next. */
const char* tql_result_message(tql_result* result, size_t index);
/** Frees a result; one that was not read to its end is abandoned. */
void tql_result_free(tql_result* result);

/* Cells of the current row. Without one, or for a column that is not there: TQL_OUT_OF_RANGE. */

/** 1 for NULL, 0 for a value, -1 when there is no such cell. */
int tql_cell_is_null(const tql_result* result, size_t column);
/** The cell as text: NULL for NULL or when there is no such cell. Valid until the next
 * tql_result_next. *size, when `size` is not NULL, is its bytes without the NUL behind it. */
const char* tql_cell_text(tql_result* result, size_t column, size_t* size);
/** An integer. TQL_INVALID_ARGUMENT for a text that is none within 64 bits,
 * TQL_FAILED_PRECONDITION for NULL. */
tql_status tql_cell_int64(const tql_result* result, size_t column, int64_t* value, char** message);
/** A number. Errors as of tql_cell_int64. */
tql_status tql_cell_double(const tql_result* result, size_t column, double* value, char** message);
/** A boolean: *value is 0 or 1. Errors as of tql_cell_int64. */
tql_status tql_cell_bool(const tql_result* result, size_t column, int* value, char** message);

/** The next statement's result, for the caller to free; *result is NULL behind the last. A script
 * that ended early gives its error; statements that failed have their own. What was left unread of
 * the result before is read away, and that result is at its end. */
tql_status tql_script_next(tql_script* script, tql_result** result, char** message);
/** Frees a script; one that was not read to its end is abandoned. */
void tql_script_free(tql_script* script);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* TQL_H_ */
