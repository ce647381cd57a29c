/// \file
/// Options of a Client and of its calls.
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

/// Default of Options::connect_timeout.
inline constexpr std::chrono::milliseconds kDefaultConnectTimeout{10'000};
/// Default of Options::query_timeout.
inline constexpr std::chrono::milliseconds kDefaultQueryTimeout{600'000};

/// How the client verifies the server. By default the server must present a certificate for its
/// host name, issued by a CA that the system trusts. Ignored for http:// URLs, which do not use
/// TLS, so a program can set these options once for all its URLs.
struct TlsOptions {
  /// PEM file with the certificates to trust instead of the system's, e.g. a self-signed one.
  /// Default: empty, trust the system's CAs.
  std::string ca_file = {};
  /// Accept any certificate. The connection is encrypted, but anybody on the path can impersonate
  /// the server. Default: false.
  bool insecure = false;
};

/// Which failed calls are repeated, and when.
///
/// Login, logout, completion words and the schema version are always repeated. A statement is
/// repeated if it only reads (SELECT without INTO, SHOW, SCRIPT) or if RequestOptions::idempotent
/// is set. Any other statement and every script are repeated only if nothing was sent, because no
/// host could be reached. A call is never repeated once its response has begun.
///
/// If the service asks for a pause (Retry-After of a 503 or 429 over HTTP, grpc-retry-pushback-ms
/// over gRPC), the client waits at least that long, provided the call's timeout permits it;
/// otherwise the call fails with the service's error.
///
/// Values out of range fail with INVALID_ARGUMENT when the client connects. The functions are
/// called by every thread that uses the client, also concurrently.
struct RetryOptions {
  /// Maximum number of attempts, the first one included. 1 switches retries off.
  int max_attempts = 3;
  /// The pause before attempt n+1 is random, between zero and
  /// min(max_backoff, initial_backoff * multiplier^(n-1)).
  std::chrono::milliseconds initial_backoff{100};
  /// Upper limit of that pause.
  std::chrono::milliseconds max_backoff{5000};
  /// Growth of the pause per attempt; a finite number, at least 1.
  double multiplier = 2;
  /// No attempt starts later than this after the first one. Zero: only the call's timeout limits
  /// the attempts, as it does in any case.
  std::chrono::milliseconds max_elapsed{0};
  /// Decides whether an error is repeated. Default: Status::retryable().
  std::function<bool(const Status&)> retry_on = {};
  /// Waits for the given time; must return early when the token requests a stop. Set it in tests
  /// to avoid waiting. Default: blocks the calling thread.
  std::function<void(std::chrono::milliseconds, const std::stop_token&)> sleep = {};
};

/// Answers a question of the service. If it returns an error, the statement ends with that error.
using QuestionCallback = std::function<StatusOr<std::string>(const Question&)>;
/// Receives the progress of a long statement.
using ProgressCallback = std::function<void(const Progress&)>;
/// Receives one or more whole lines of a log. May be called by several threads at the same time.
using WireLog = std::function<void(std::string_view lines)>;

/// Options of a Client. A setting that has several sources is taken from the first of: this
/// struct, the URL, the environment, the profile, the default; see profile.h.
//
// Members of class type are written as X(): GCC 12 warns about uninitialised strings with a plain
// {}.
struct Options {
  /// Name of the section of DefaultProfileFile() that provides settings which are not set
  /// elsewhere. Default: the environment variable TQL_PROFILE; without it, no profile is read.
  std::string profile = {};

  /// The user to log in as, in UTF-8. Default: from the URL, the environment or the profile. If no
  /// source provides a user, Client::Connect does not log in.
  std::string user = {};

  /// Additional hosts of the service, as "host:port", tried after those of the URL; over HTTP and
  /// gRPC. Default: none. Set it if several hosts serve the same data.
  ///
  /// A call is sent to the host that answered last. If that host cannot be reached (refused,
  /// unknown, or connect_timeout expired), the call is sent to the next one, but never after
  /// something was sent. A host that answers with an untrusted certificate or another protocol is
  /// an error (FAILED_PRECONDITION, not repeated) and is not skipped: it may be an impostor.
  /// Sessions belong to one host; after a fail-over the client logs in again.
  std::vector<std::string> hosts = {};

  /// Where the password comes from, read once by Client::Connect. Default: the environment variable
  /// TQL_PASSWORD, then password_file of the profile; if neither is set, Client::Connect does not
  /// log in.
  Credentials credentials = Credentials();

  /// The current database of the first statement, as if USE had been executed. Connecting does not
  /// check that it exists. Default: from the URL, the environment or the profile; otherwise no
  /// database is current and names must be qualified.
  std::string database = {};

  /// The schema in which unqualified table names are looked up. Default: from the URL, the
  /// environment or the profile; otherwise the service's default, falcon_default_schema.
  std::string schema = {};

  /// How the server's certificate is verified. Default: against the system's CAs. Set ca_file for a
  /// server with a certificate of your own.
  TlsOptions tls = TlsOptions();

  /// The HTTP proxy to connect through, as `http://[USER:PASSWORD@]HOST[:PORT]`, or "none" to
  /// connect directly. HTTPS and gRPC use a tunnel (CONNECT); plain HTTP requests are sent to the
  /// proxy. Other kinds of proxy (https://, socks5://) fail with INVALID_ARGUMENT.
  ///
  /// Default: the environment. https_proxy applies to URLs with TLS, http_proxy to those without,
  /// all_proxy to both; a variable in lower case takes precedence over the same in upper case.
  /// NO_PROXY is a comma-separated list of hosts to connect to directly: `*`, a domain name (which
  /// includes its subdomains), an address or a network (10.0.0.0/8), each with an optional `:PORT`.
  /// A loopback address is only reached through a proxy that has a loopback address itself.
  /// HTTP_PROXY is ignored in a CGI program (REQUEST_METHOD is set).
  std::string proxy = {};

  /// Which failed calls are repeated, and when. Default: up to three attempts within the call's
  /// timeout, for calls that are safe to repeat.
  RetryOptions retry = RetryOptions();

  /// Timeout of one attempt to connect to one host, within the timeout of the call. Must be
  /// positive; at most a year is used. Default: 10 s. Lower it to fail over to other hosts sooner.
  std::chrono::milliseconds connect_timeout = kDefaultConnectTimeout;

  /// Total time of a login, a logout, or a request for completion words or the schema version, all
  /// attempts included. Must be positive. Default: 30 s.
  std::chrono::milliseconds call_timeout{30'000};

  /// Total time of a statement or script, from its start until its last row is read, including the
  /// time that the program spends on the rows. Must be positive. Default: 10 minutes. Raise it for
  /// long statements and for programs that read a result slowly.
  std::chrono::milliseconds query_timeout = kDefaultQueryTimeout;

  /// Maximum number of idle HTTP connections that are kept open for later calls. Default: 16. gRPC
  /// multiplexes all calls over one connection and ignores it.
  std::size_t idle_connections = 16;

  /// Maximum number of concurrent HTTP connections; zero: no limit. Default: 0. Further calls wait
  /// for a free connection within their timeout. A result that is not read to its end occupies its
  /// connection, so a thread that executes statements while it reads a result needs two.
  std::size_t max_connections = 0;

  /// Name of the program, sent as User-Agent; printable ASCII. Default: "libtql".
  std::string application = "libtql";

  /// Options sent with every statement, unless its RequestOptions override them. Default: none; the
  /// service's defaults apply.
  StatementOptions statement = StatementOptions();

  /// Whether Query and the calls built on it ask the service to print NULL as a random marker, so
  /// that NULL cannot be confused with a string "(null)". It has no effect on requests that set
  /// null_string. Default: true. Set it to false for a service that ignores null_string; then every
  /// cell "(null)" is read as NULL.
  bool mark_null = true;

  /// Called when the service asks a question before it executes a statement. Default: none; such a
  /// statement fails with FAILED_PRECONDITION.
  QuestionCallback on_question = {};

  /// Called with the progress of long statements, by the thread that reads the result. Default:
  /// none.
  ProgressCallback on_progress = {};

  /// Notified of every call, for logs, metrics and traces. Copies of the Client share it. Default:
  /// none; then nothing is recorded.
  std::shared_ptr<CallObserver> observer = nullptr;

  /// Receives a readable log of the traffic, for debugging: each request and response over HTTP,
  /// each call over gRPC. Bodies are cut after 2 KiB. Passwords, cookies and session tokens are
  /// replaced by ***, but statements and rows are logged. Default: none.
  WireLog wire_log = {};
};

/// Options of one call. Zero or unset members mean: as in Options.
struct RequestOptions {
  /// Options of the statement; members that are not set are taken from Options::statement.
  StatementOptions statement = StatementOptions();
  /// Total time of the call. Zero: Options::query_timeout.
  std::chrono::milliseconds timeout{0};
  /// Ends the call with CANCELLED when a stop is requested.
  std::stop_token stop = {};
  /// Declares that executing the statement twice has the same effect as executing it once, so that
  /// it may be repeated after a failure (RetryOptions). Default: false.
  bool idempotent = false;
  /// Used instead of Options::on_question if set.
  QuestionCallback on_question = {};
  /// Used instead of Options::on_progress if set.
  ProgressCallback on_progress = {};
  /// Identifies the call to the observer and to the service (CallInfo::request_id): at most 128
  /// printable ASCII characters without spaces, otherwise the call fails with INVALID_ARGUMENT.
  /// Default: a random id if the client has an observer, otherwise none.
  std::string request_id = {};
};

}  // namespace tql

#endif  // TQL_OPTIONS_H_
