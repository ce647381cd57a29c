/** \file
 * The C interface of libtql: opaque handles, status codes and messages. It is meant for C and for
 * languages that call C. C++ programs should use tql/client.h, which offers more.
 *
 * ```c
 * tql_options options = TQL_OPTIONS_INIT;
 * tql_client* client = NULL;
 * char* message = NULL;
 * options.password = "admin";
 * if (tql_connect(argv[1], &options, &client, &message) != TQL_OK) return Fail(message);
 * ```
 *
 * Conventions of all functions:
 *
 * - Strings are UTF-8 and end with a NUL, as arguments and as results.
 * - A function that can fail returns a tql_status. If it fails and `message` is not NULL, it sets
 *   *message to a text for the user, which the caller frees with tql_free; on TQL_OK it sets
 *   *message to NULL. Other output parameters are set only on TQL_OK.
 * - The caller owns every handle it receives and frees it with the function of that type. Freeing
 *   NULL has no effect. Handles may be freed in any order.
 * - A tql_client and a tql_cancel may be used by several threads at the same time; a tql_result and
 *   a tql_script by one thread at a time. A handle must not be used while it is being freed.
 * - NULL for a required handle, string or output parameter fails with TQL_INVALID_ARGUMENT.
 *
 * Compatibility: new versions only add functions and members at the end of structs.
 * TQL_ABI_VERSION changes if a change would break programs. */
#ifndef TQL_H_
#define TQL_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this interface. */
#define TQL_ABI_VERSION 1
/** Returns the TQL_ABI_VERSION of the loaded library. */
int tql_abi_version(void);

/** The status codes of tql::StatusCode, which are those of gRPC. */
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
/** Returns the name of a status code, e.g. "NOT_FOUND", or "UNKNOWN" for an invalid code. The
 * string is static and must not be freed. */
const char* tql_status_name(tql_status status);

/** The type of a column. */
typedef enum tql_type {
  TQL_TYPE_UNKNOWN = 0, /**< also a type that this version does not know; its cells are text */
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

/** A client: connections, login session and context. See tql::Client. */
typedef struct tql_client tql_client;
/** The result of one statement, read while it arrives. See tql::QueryResult. */
typedef struct tql_result tql_result;
/** The result of a script: the results of its statements, in order. See tql::ScriptResult. */
typedef struct tql_script tql_script;
/** A cancellation token. It cancels the calls that it was passed to. */
typedef struct tql_cancel tql_cancel;

/** Connection options. Initialise the struct with TQL_OPTIONS_INIT. A member that is NULL or zero
 * is not set; the setting is then taken from the URL, the environment or the profile, with the
 * precedence that tql/profile.h documents.
 *
 * `size` identifies the version of the struct. Members beyond it are treated as not set and are not
 * read. If the struct is longer than the library's, the members that the library does not know must
 * be zero, otherwise tql_connect fails with TQL_INVALID_ARGUMENT. It also fails if `size` exceeds
 * 4096 bytes, which no version will reach. */
typedef struct tql_options {
  size_t size;                /**< sizeof(tql_options) in the program */
  const char* user;           /**< the user to log in as */
  const char* password;       /**< the password of that user */
  const char* database;       /**< the current database of the first statement */
  const char* schema;         /**< the schema in which unqualified names are looked up */
  const char* profile;        /**< the name of a section of the profile file */
  const char* ca_file;        /**< a PEM file with the certificates to trust */
  int insecure;               /**< not 0: accept any certificate */
  int64_t query_timeout_ms;   /**< total time of a statement or script, in milliseconds */
  int64_t connect_timeout_ms; /**< time of one attempt to connect, in milliseconds */
} tql_options;
/** Initialises tql_options with no member set. */
#define TQL_OPTIONS_INIT \
  { sizeof(tql_options), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0 }

/** Frees a message. NULL has no effect. */
void tql_free(char* message);

/** Connects and, if a user and a password are known, logs in. `url` and `options` may be NULL; the
 * settings then come from the environment and the profile. */
tql_status tql_connect(const char* url, const tql_options* options, tql_client** client,
                       char** message);
/** Frees a client. Its results stay valid. */
void tql_client_free(tql_client* client);

/** Creates a token without a cancellation request. NULL if memory is exhausted. */
tql_cancel* tql_cancel_new(void);
/** Cancels every call that the token was or will be passed to, with TQL_CANCELLED. May be called
 * from any thread. The client stays usable. */
void tql_cancel_request(tql_cancel* cancel);
/** Frees a token. This cancels nothing. */
void tql_cancel_free(tql_cancel* cancel);

/** Executes one statement and discards its rows. `cancel` may be NULL. */
tql_status tql_execute(tql_client* client, const char* statement, tql_cancel* cancel,
                       char** message);
/** Executes one statement. Read its rows, and its error if it fails, with tql_result_next. `cancel`
 * may be NULL. */
tql_status tql_query(tql_client* client, const char* statement, tql_cancel* cancel,
                     tql_result** result, char** message);
/** Executes a script. Read its results with tql_script_next. `cancel` may be NULL. */
tql_status tql_run_script(tql_client* client, const char* script, tql_cancel* cancel,
                          tql_script** result, char** message);

/** Reads the next row, which becomes the current one. Sets *has_row to 0 after the last row. An
 * error ends the result. */
tql_status tql_result_next(tql_result* result, int* has_row, char** message);
/** Returns the number of columns; 0 if the statement is not a SELECT. Blocks until the service has
 * sent the columns. */
size_t tql_result_columns(tql_result* result);
/** Returns the name of a column, by position from 0; NULL if it does not exist. The string is valid
 * until the result is freed. */
const char* tql_result_column_name(tql_result* result, size_t column);
/** Returns the type of a column, by position from 0; TQL_TYPE_UNKNOWN if it does not exist. */
tql_type tql_result_column_type(tql_result* result, size_t column);
/** Returns a message of the service, by position from 0; NULL after the last one received so far.
 * The string is valid until the next tql_result_next. */
const char* tql_result_message(tql_result* result, size_t index);
/** Frees a result. If it was not read to its end, the statement is cancelled. */
void tql_result_free(tql_result* result);

/* Cells of the current row, by position from 0. Without a current row, or if the column does not
 * exist, the functions that return a tql_status fail with TQL_OUT_OF_RANGE. */

/** Returns 1 if the cell is NULL, 0 if it has a value, -1 if it does not exist. */
int tql_cell_is_null(const tql_result* result, size_t column);
/** Returns the text of a cell; NULL if the cell is NULL or does not exist. If `size` is not NULL,
 * *size is set to the length in bytes, without the terminating NUL. The string is valid until the
 * next tql_result_next. */
const char* tql_cell_text(tql_result* result, size_t column, size_t* size);
/** Reads a cell as a 64-bit integer. TQL_INVALID_ARGUMENT if its text is not such an integer;
 * TQL_FAILED_PRECONDITION if it is NULL. */
tql_status tql_cell_int64(const tql_result* result, size_t column, int64_t* value, char** message);
/** Reads a cell as a number. Errors as for tql_cell_int64. */
tql_status tql_cell_double(const tql_result* result, size_t column, double* value, char** message);
/** Reads a cell as a boolean; *value is 0 or 1. Errors as for tql_cell_int64. */
tql_status tql_cell_bool(const tql_result* result, size_t column, int* value, char** message);

/** Sets *result to the result of the next statement, which the caller frees, or to NULL after the
 * last one. Returns the error that ended the script; errors of single statements are in their
 * results. Unread rows of the previous result are discarded; that result is then at its end. */
tql_status tql_script_next(tql_script* script, tql_result** result, char** message);
/** Frees a script. If it was not read to its end, it is cancelled. */
void tql_script_free(tql_script* script);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* TQL_H_ */
