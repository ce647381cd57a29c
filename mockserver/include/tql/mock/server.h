/// \file
/// The mock server as a library: a TQL service inside the program that tests against it.
#ifndef TQL_MOCK_SERVER_H_
#define TQL_MOCK_SERVER_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"

namespace tql {
class Transport;
}  // namespace tql

/// The mock server as a library.
namespace tql::mock {

/// Somebody who may log in.
struct User {
  std::string name;
  std::string password;
  /// The privilege "can manage data". Without it a login succeeds and every statement is refused.
  bool can_manage_data = true;
};

/// Who is there when a Config names nobody.
inline constexpr std::string_view kDefaultUser = "tsadmin";
/// The password of kDefaultUser.
inline constexpr std::string_view kDefaultPassword = "admin";

/// How much a line of the log matters.
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// What is logged: one line of text without its end, never a password, a token or a cell. Called
/// from any thread, also from several at once; it must not call the server.
using LogFunction = std::function<void(LogLevel level, std::string_view message)>;

/// What a server is to be. The defaults are those of a test: free ports that only this machine can
/// reach, everything in memory.
struct Config {
  /// Where to listen: "HOST:PORT", "[IPV6]:PORT", or "off". Port 0 is any free one. With all of
  /// them off, InProcess() is the way in.
  std::string https = "127.0.0.1:0";
  std::string http = "127.0.0.1:0";
  /// gRPC (tql_service.proto, health checking, reflection); off, because it brings ten threads.
  /// Over TLS with the certificate of https, unless it is to be plaintext.
  std::string grpc = "off";
  bool grpc_plaintext = false;

  /// The file that keeps databases and rows, made when it is missing; or ":memory:". A file belongs
  /// to one server at a time.
  std::string data = ":memory:";

  /// Empty: kDefaultUser with kDefaultPassword.
  std::vector<User> users = {};
  /// Whether the default password may stand where other machines can reach it. Without this, such
  /// an address is refused.
  bool allow_default_password = false;

  /// TQL scripts that run before the ports open: the files, then the texts. The first error stops
  /// the start. A file may have up to 1 GiB.
  std::vector<std::string> init_files = {};
  std::vector<std::string> init_scripts = {};

  /// PEM files with the certificate (or chain) and its key. Both empty: a fresh self-signed
  /// certificate for localhost, 127.0.0.1 and ::1.
  std::string tls_cert_file = {};
  std::string tls_key_file = {};

  /// How long a session lives without a request, and in all.
  std::chrono::seconds session_idle_timeout{std::chrono::minutes(30)};
  std::chrono::seconds session_absolute_timeout{std::chrono::hours(24)};
  /// How many rounds of PBKDF2 with SHA-256 a login with a new password takes, 1000 to 10,000,000.
  /// The default is OWASP's of 2023, some 0.2 seconds; tests may take few. Later logins of a user
  /// are recognised without it.
  std::size_t password_hash_rounds = 600'000;
  /// The longest body of a request, in bytes: 1 KiB to 1 GiB.
  std::size_t max_request_bytes = std::size_t{64} << 20;
  /// The number of bytes that all HTTP requests under way may hold in memory together, at least
  /// 1 MiB. A request beyond it waits a little, then gets 503 with Retry-After. One that is alone
  /// may have max_request_bytes in any case.
  std::size_t max_buffered_bytes = std::size_t{256} << 20;
  /// How many requests are answered at once, 1 to 4096. Connections that wait cost no thread.
  std::size_t threads = 256;
  /// The longest a statement may run; zero: for ever.
  std::chrono::milliseconds statement_timeout{0};

  /// Origins of web pages that may use the server over HTTP ("https://app.example.com",
  /// "http://localhost:3000"): browsers get the headers of CORS, and answers to their preflights. A
  /// port that only this machine can reach answers 403 to pages of any other origin but its own.
  std::vector<std::string> cors_origins = {};
  /// Names under which a port that only this machine can reach may be asked over HTTP, besides
  /// localhost and loopback addresses; requests with another Host header get 403, so that no page
  /// of a foreign name that resolves to this machine can read an answer (DNS rebinding).
  std::vector<std::string> allowed_hosts = {};

  /// How answers over HTTP differ from the documented ones, where the public material contradicts
  /// itself: "date-time" (the type DATETIME is called DATE_TIME), "cell-objects" (a cell is
  /// {"s":"x"}), "lowercase-strings" (texts are shown in lower case), "content-type=TYPE" (of the
  /// answers to queries and scripts).
  std::vector<std::string> wire_variants = {};

  /// Empty: nothing is logged.
  LogFunction log = {};
  /// Ends a start that is still running its scripts.
  std::stop_token stop = {};
};

/// A running server.
///
/// ```cpp
/// auto server = tql::mock::Server::Create({.init_scripts = {"create database sales;"}});
/// if (!server) return server.status();
/// tql::Options options{.user = "tsadmin", .credentials = tql::Credentials::Password("admin")};
/// auto client = tql::Client::Connect((*server)->http_url(), options);
/// ```
///
/// Clients of https_url() trust certificate_pem(); InProcess() needs no port. Any number of servers
/// may live in one process; they share nothing.
///
/// Thread safety: every method may be called from any thread; the references that
/// they return are good as long as the server.
class Server {
 public:
  /// Starts a server; it can answer when this returns. Errors:
  /// ```text
  /// INVALID_ARGUMENT     the Config makes no sense, a file cannot be read or used, or a script
  ///                      failed: "FILE:LINE:COLUMN: why", where the texts are called
  ///                      "init script 1", "init script 2", …
  /// UNAVAILABLE          a port is taken, or another server has the data file
  /// FAILED_PRECONDITION  the data file belongs to another program or a newer version
  /// CANCELLED            Config::stop was requested
  /// ```
  static StatusOr<std::unique_ptr<Server>> Create(Config config);
  /// Stops, if Stop was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// "https://127.0.0.1:41233"; empty when it is off.
  const std::string& https_url() const;
  /// "http://127.0.0.1:41234"; empty when it is off.
  const std::string& http_url() const;
  /// The real port; 0 when off.
  int https_port() const;
  /// The real port; 0 when off.
  int http_port() const;
  /// "127.0.0.1:41234": what clients of gRPC call a target; empty when it is off.
  const std::string& grpc_address() const;
  /// The real port; 0 when off.
  int grpc_port() const;
  /// The certificate in PEM, for a client to trust; empty without any TLS.
  const std::string& certificate_pem() const;

  /// A transport into this server without a socket, for tql::Client (of tqlkit::client); each has a
  /// session of its own and needs a login like any other. Requests have the limits of HTTP. It and
  /// its streams may outlive the server: once that has stopped, every call is UNAVAILABLE.
  std::shared_ptr<Transport> InProcess();

  /// Accepts nothing more, cuts running statements (their clients get an error), gives the answers
  /// in flight `grace` to reach their clients, then closes every connection. What was answered as
  /// done stays done. May be called more than once.
  void Stop(std::chrono::milliseconds grace = std::chrono::milliseconds(150));

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace tql::mock

#endif  // TQL_MOCK_SERVER_H_
