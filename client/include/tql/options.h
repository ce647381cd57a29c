/// \file
/// How a Client connects and behaves.
#ifndef TQL_OPTIONS_H_
#define TQL_OPTIONS_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tql/credentials.h"
#include "tql/observer.h"
#include "tql/result_stream.h"
#include "tql/statement_options.h"
#include "tql/status.h"

namespace tql {

/// Of Options::connect_timeout.
inline constexpr std::chrono::milliseconds kDefaultConnectTimeout{10'000};
/// Of Options::query_timeout.
inline constexpr std::chrono::milliseconds kDefaultQueryTimeout{600'000};

/// Whom a Client takes for the service. Without any setting: whom the system's certificates vouch
/// for, under the host's name. Of no effect where the URL asks for http://, which has no TLS: a
/// program may set them once for all its URLs.
struct TlsOptions {
  /// A PEM file with the certificates to trust instead of the system's, e.g. a self-signed one.
  std::string ca_file = {};
  /// Accept any certificate. The connection is then open to whoever sits on its way.
  bool insecure = false;
};

/// What is tried again: login, logout, tokens and the schema version always; a statement if it
/// reads (SELECT without INTO, SHOW, SCRIPT) or RequestOptions says that it is idempotent; any
/// other statement and a script only when nothing of it was sent, because no host could be
/// connected to. Never once an answer has begun.
///
/// A service that says how long it wants to be left alone (Retry-After of a 503 or 429 over HTTP,
/// grpc-retry-pushback-ms over gRPC) is left alone that long, if the time of the call allows it;
/// otherwise its error is the call's.
///
/// A number or time that cannot be meant is refused with INVALID_ARGUMENT. The functions are called
/// from every thread that calls the client, also at the same time.
struct RetryOptions {
  int max_attempts = 3;  ///< In all, 1 or more; 1 means never again.
  /// The wait before attempt n+1 is random between nothing and
  /// min(max_backoff, initial_backoff * multiplier^(n-1)).
  std::chrono::milliseconds initial_backoff{100};
  std::chrono::milliseconds max_backoff{5000};
  double multiplier = 2;  ///< A finite number of 1 or more.
  /// No attempt begins later than this after the first one. Zero: as long as the call's own time
  /// (Options::query_timeout and the like), which limits them in any case.
  std::chrono::milliseconds max_elapsed{0};
  /// Which errors; those whose Status is retryable() when it is not set.
  std::function<bool(const Status&)> retry_on = {};
  /// How to wait; must return early when the token is requested to stop. A test that waits for
  /// nothing sets it. The calling thread sleeps when it is not set.
  std::function<void(std::chrono::milliseconds, const std::stop_token&)> sleep = {};
};

/// Answers a question of the service. An error ends the statement with it.
using QuestionCallback = std::function<StatusOr<std::string>(const Question&)>;
/// Is told how far a long statement is.
using ProgressCallback = std::function<void(const Progress&)>;
/// Is given some whole lines of a log. Threads that call at the same time call it at the same time.
using WireLog = std::function<void(std::string_view lines)>;

/// How a Client connects and behaves. Where the same thing can be said twice, profile.h has the
/// order: what is set here, then the URL, the environment, the profile, the default.
//
// Members of class type are written as X(): GCC 12 warns of uninitialised strings behind a mere {}.
struct Options {
  /// A section of DefaultProfileFile(); empty: TQL_PROFILE, or none.
  std::string profile = {};
  /// UTF-8, like the password.
  std::string user = {};
  /// Further places of the service, "host:port", after those of the URL, over HTTP and gRPC. Calls
  /// go to the one that answered last; when it cannot be connected to (refused, unknown, or not
  /// within connect_timeout) to the next one, never once something was sent. A host that is reached
  /// but not trusted, or answers in what is not the protocol, ends the call with
  /// FAILED_PRECONDITION, which is not tried again: who answers in the place of a service is not to
  /// be passed over in silence. Each host has sessions of its own, so the client logs in again
  /// where it comes to.
  std::vector<std::string> hosts = {};
  Credentials credentials = Credentials();
  std::string database = {};
  std::string schema = {};

  TlsOptions tls = TlsOptions();
  /// The HTTP proxy to connect through, `http://[USER:PASSWORD@]HOST[:PORT]`, or "none". With TLS
  /// and over gRPC it makes a tunnel (CONNECT), without TLS it is sent the requests. Others
  /// (https://, socks5://) are refused with INVALID_ARGUMENT.
  ///
  /// Empty: what the environment says, where a name in lower case counts more than the same in
  /// upper case: https_proxy for URLs with TLS, http_proxy for those without, all_proxy for both.
  /// NO_PROXY lists, after commas, hosts that are connected to directly: `*`, a name with all names
  /// below it, an address or a network (10.0.0.0/8), each with a `:PORT` or without. A loopback
  /// address is connected to through a proxy on a loopback address alone. HTTP_PROXY does not count
  /// in a CGI program (REQUEST_METHOD is set).
  std::string proxy = {};
  RetryOptions retry = RetryOptions();
  /// Of one attempt to reach the service, within the time of its call. Times are more than zero;
  /// more than a year counts as a year.
  std::chrono::milliseconds connect_timeout = kDefaultConnectTimeout;
  /// Total time of a login, a logout, tokens, a schema version.
  std::chrono::milliseconds call_timeout{30'000};
  /// Total time of a statement or script, from its start to the last row read.
  std::chrono::milliseconds query_timeout = kDefaultQueryTimeout;
  /// How many connections are kept open for later calls, over HTTP; gRPC has one for all.
  std::size_t idle_connections = 16;
  /// How many connections there may be at once, over HTTP; zero: as many as there are calls.
  /// Further calls wait for one within their time. A result that is not read to its end holds its
  /// connection, so a thread that asks while it reads needs two.
  std::size_t max_connections = 0;
  /// Sent as User-Agent; printable ASCII.
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
  /// Is told of every call; without one, nothing is counted or kept. Shared by copies of the
  /// Client.
  std::shared_ptr<CallObserver> observer = nullptr;
  /// Is told what goes to the service and comes from it, for a person who looks for a mistake: of
  /// HTTP each request and answer, of gRPC each call. Bodies are cut after 2 KiB; passwords,
  /// cookies and session tokens are replaced by ***. Rows and statements are shown.
  WireLog wire_log = {};
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
  /// CallInfo::request_id: up to 128 printable ASCII characters without a blank, else the call
  /// fails with INVALID_ARGUMENT. Empty: none, or a random one when somebody observes.
  std::string request_id = {};
};

}  // namespace tql

#endif  // TQL_OPTIONS_H_
