// How a Client connects and behaves.
#ifndef TQL_OPTIONS_H_
#define TQL_OPTIONS_H_

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "tql/credentials.h"
#include "tql/result_stream.h"
#include "tql/statement_options.h"
#include "tql/status.h"

namespace tql {

struct TlsOptions {
  /// A PEM file with the certificates to trust instead of the system's, e.g. a self-signed one.
  std::string ca_file = {};
  /// Accept any certificate. The connection is then open to whoever sits on its way.
  bool insecure = false;
};

/// What is tried again: login, tokens and the schema version always; a statement only if it reads
/// (SELECT without INTO, SHOW, SCRIPT) or RequestOptions says that it is idempotent; a script
/// never. Only for errors whose Status is retryable(), and never once an answer has begun.
struct RetryOptions {
  int max_attempts = 3;  ///< In all; 1 means never again.
  /// The wait before attempt n+1 is random between nothing and min(max, initial * 2^(n-1)).
  std::chrono::milliseconds initial_backoff{100};
  std::chrono::milliseconds max_backoff{5000};
};

/// Answers a question of the service. An error ends the statement with it.
using QuestionCallback = std::function<StatusOr<std::string>(const Question&)>;
using ProgressCallback = std::function<void(const Progress&)>;

/// Members of class type are written as X(): GCC 12 warns of uninitialised strings behind a mere
/// {}.
///
/// Where the same thing can be said twice, this is the order: what is set here, then the URL, then
/// the environment (TQL_USER), then the default.
struct Options {
  std::string user = {};
  Credentials credentials = Credentials();
  std::string database = {};
  std::string schema = {};

  TlsOptions tls = TlsOptions();
  RetryOptions retry = RetryOptions();
  /// Of one attempt to reach the service, within the time of its call.
  std::chrono::milliseconds connect_timeout{10'000};
  /// Total time of a login, a logout, tokens, a schema version.
  std::chrono::milliseconds call_timeout{30'000};
  /// Total time of a statement or script, from its start to the last row read.
  std::chrono::milliseconds query_timeout{600'000};
  /// Sent as User-Agent.
  std::string application = "libtql";

  /// Sent with every statement, unless its RequestOptions say otherwise.
  StatementOptions statement = StatementOptions();
  /// Whether results ask the service for a NULL that no string can be taken for, where no
  /// null_string is set. False for a service that does not heed null_string: "(null)" is NULL then.
  bool mark_null = true;
  /// Without it a statement that asks something fails with FAILED_PRECONDITION.
  QuestionCallback on_question = {};
  /// Called by the thread that reads the result.
  ProgressCallback on_progress = {};
};

/// What can be said about one call. Zero and unset mean what Options say.
struct RequestOptions {
  StatementOptions statement = StatementOptions();
  std::chrono::milliseconds timeout{0};
  /// Ends the call with CANCELLED.
  std::stop_token stop = {};
  /// The statement may be sent twice without harm.
  bool idempotent = false;
  QuestionCallback on_question = {};
  ProgressCallback on_progress = {};
};

}  // namespace tql

#endif  // TQL_OPTIONS_H_
