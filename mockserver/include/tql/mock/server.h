/// \file
/// The mock server as a library: a TQL service inside a test program.
#ifndef TQL_MOCK_SERVER_H_
#define TQL_MOCK_SERVER_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tql/mock/plan.h"
#include "tql/status.h"

namespace tql {
class Client;
class Transport;
}  // namespace tql

/// The mock server as a library.
namespace tql::mock {

/// A user who may log in.
struct User {
  std::string name;
  std::string password;
  /// The privilege "can manage data". Without it, logins succeed but every statement is rejected.
  /// Default: true.
  bool can_manage_data = true;
};

/// The user of a Config without users.
inline constexpr std::string_view kDefaultUser = "tsadmin";
/// The password of kDefaultUser.
inline constexpr std::string_view kDefaultPassword = "admin";
/// The token of Thena's API in a Config without another.
inline constexpr std::string_view kDefaultThenaToken = "thena-test-token";

/// The severity of a line of the log.
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// Receives the log, one line of text per call, without a line end. The log never contains
/// passwords, session tokens or cells. Called by any thread, also concurrently; it must not call
/// the server.
using LogFunction = std::function<void(LogLevel level, std::string_view message)>;

/// Another TQL service, a real one or another mock server, that statements are forwarded to. Rules
/// of plans act first: a statement that a rule answers is not forwarded.
struct Upstream {
  /// What the other service is for.
  enum class Use : std::uint8_t {
    /// The other service executes the statements. Server::Recording() returns its answers.
    kRecord,
    /// Both execute each statement, and clients read the answers of the server itself.
    /// Server::Report() has the differences.
    kCompare,
  };
  Use use = Use::kRecord;  ///< Has an effect only with a client.
  /// A client of the service that is logged in; every statement of every namespace is sent with its
  /// session. Null (default): the server executes its statements itself.
  std::shared_ptr<Client> client = nullptr;
  /// The name of the service in messages and recordings, e.g. "https://falcon:443".
  std::string name = {};
  /// Forwards every statement. Default: only SELECT without INTO, SHOW, SCRIPT and USE; the others
  /// fail.
  bool allow_writes = false;
};

/// The configuration of a server. The defaults are meant for tests: free ports on loopback
/// addresses, and all data in memory.
struct Config {
  /// The addresses to listen on: "HOST:PORT", "[IPV6]:PORT", or "off". Port 0 selects a free port.
  /// If all are off, only InProcess() reaches the server.
  std::string https = "127.0.0.1:0";
  std::string http = "127.0.0.1:0";
  /// The address for gRPC (tql_service.proto, health checking, reflection). Default: off, because
  /// gRPC starts ten threads. It uses TLS with the certificate of https unless grpc_plaintext is
  /// set.
  std::string grpc = "off";
  bool grpc_plaintext = false;

  /// An additional HTTPS address, for loaders that connect to the port 8442 of the tsload service.
  /// The other ports serve tsload, too. Default: off.
  std::string tsload = "off";
  /// The node that the response to the start of a load names ("node_address"), to which loaders
  /// send all further calls: "HOST:PORT", or "none" for a response without it. Default: empty, the
  /// address that the loader has used.
  std::string tsload_node = {};

  /// An address of plain HTTP for Thena's REST API, below /rest/v2. Default: off.
  std::string thena = "off";
  /// The token that clients of Thena's API send ("Authorization: Bearer TOKEN"). Default:
  /// kDefaultThenaToken, which is rejected where the default password is.
  std::string thena_token = std::string(kDefaultThenaToken);

  /// The file that stores databases and rows, created if it does not exist; or ":memory:"
  /// (default). A file can be used by one server at a time.
  std::string data = ":memory:";

  /// The users who may log in. Default: kDefaultUser with kDefaultPassword.
  std::vector<User> users = {};
  /// Permits the default password, and Thena's default token, on addresses that other machines can
  /// reach. Otherwise such an address is rejected. Default: false.
  bool allow_default_password = false;

  /// TQL scripts that are executed before the ports are opened: first the files, then the texts.
  /// The first error ends the start. A file may have up to 1 GiB.
  std::vector<std::string> init_files = {};
  std::vector<std::string> init_scripts = {};

  /// The objects of the REST API that TQL does not make: users, groups, Liveboards and others
  /// (message tql.world.v1.World of world.proto, in YAML or JSON), as a file or as a text.
  /// INVALID_ARGUMENT for both. Default: a small retail company.
  std::string world_file = {};
  std::string world = {};

  /// Whether documented rules of the REST API hold that clients often ignore: calls of v1 that
  /// change something need the header X-Requested-By, metadata/listvizheaders needs an id. Default:
  /// no.
  bool rest_strict = false;
  /// Whether a call of the REST API may have "Authorization: Basic" instead of a session. It is not
  /// documented, but sent by pipelines. Default: no.
  bool rest_basic = false;

  /// PEM files with the certificate (or chain) and its key. Default: a new self-signed certificate
  /// for localhost, 127.0.0.1 and ::1.
  std::string tls_cert_file = {};
  std::string tls_key_file = {};

  /// Maximum lifetime of a session: without a request, and in total. Defaults: 30 minutes, 24
  /// hours.
  std::chrono::seconds session_idle_timeout{std::chrono::minutes(30)};
  std::chrono::seconds session_absolute_timeout{std::chrono::hours(24)};
  /// Rounds of PBKDF2 with SHA-256 for the first login of a user, 1000 to 10,000,000. Later logins
  /// with the same password do not need it. Default: OWASP's recommendation of 2023, which takes
  /// about 0.2 seconds. Tests can use fewer rounds.
  std::size_t password_hash_rounds = 600'000;
  /// Maximum size of the body of a request, in bytes: 1 KiB to 1 GiB. Default: 64 MiB.
  std::size_t max_request_bytes = std::size_t{64} << 20;
  /// Maximum memory of all HTTP requests in progress together, in bytes, at least 1 MiB. A request
  /// that would exceed it waits briefly and then fails with 503 and Retry-After. One request at a
  /// time may exceed it, if all others wait: a single request may always have max_request_bytes.
  /// Default: 256 MiB.
  std::size_t max_buffered_bytes = std::size_t{256} << 20;
  /// Maximum number of requests that are executed at the same time, 1 to 4096. Idle connections
  /// need no thread. Default: 256.
  std::size_t threads = 256;
  /// Maximum memory of the results of SELECTs that are kept for clients that ask the same again, in
  /// bytes; 0: none are kept. A kept result is sent as long as no table that it read has changed.
  /// One result may take a sixteenth. Default: 32 MiB.
  std::size_t results_cache_bytes = std::size_t{32} << 20;
  /// Maximum number of threads that read a large table for one SELECT, 1 to 64; 0 (default): one
  /// for each core. All SELECTs share the threads beyond their own.
  std::size_t scan_threads = 0;
  /// After a SELECT has read this number of rows of a table, several threads read the rest, if it
  /// has at least as many rows. For tests.
  std::size_t scan_threads_rows = 8192;
  /// Maximum duration of a statement. Zero (default): no limit.
  std::chrono::milliseconds statement_timeout{0};

  /// Origins of web pages that may use the server over HTTP ("https://app.example.com",
  /// "http://localhost:3000"). Responses to these origins have CORS headers, and preflight requests
  /// are answered. On ports with a loopback address, requests of pages of any other origin, except
  /// the server's own, are rejected with 403. Default: none.
  std::vector<std::string> cors_origins = {};
  /// Host names that are accepted on ports with a loopback address, in addition to localhost and
  /// loopback addresses. Requests with another Host header are rejected with 403, which protects
  /// against DNS rebinding. Default: none.
  std::vector<std::string> allowed_hosts = {};

  /// Alternative forms of HTTP responses, where public sources about the service contradict each
  /// other: "date-time" (the type DATETIME is named DATE_TIME), "cell-objects" (a cell is
  /// {"s":"x"}), "lowercase-strings" (strings are returned in lower case), "late-load-status" (a
  /// load has a status only when it is done), "content-type=TYPE" (the Content-Type of responses to
  /// queries and scripts). Default: none.
  std::vector<std::string> wire_variants = {};

  /// Plans of the namespace "main": files, then texts, in YAML or JSON (message tql.mock.v1.Plan of
  /// mock_control.proto). The rules of all are one plan, in this order; a later plan's settings
  /// replace those of an earlier one. Default: no rules.
  std::vector<std::string> plan_files = {};
  std::vector<std::string> plans = {};
  /// The seed of guids, session tokens and shuffled rows: the same calls then get the same bytes in
  /// every run, and calls in one namespace have no influence on another. Anyone who knows the seed
  /// can compute the session tokens. Default: guids and tokens are random, rows are shuffled with
  /// the seed 0. Plans can set another seed.
  std::optional<std::uint64_t> seed = {};
  /// The time at the start, from 1970 to 2199. It is that of sessions, and is shown in results and
  /// journals. It runs, unless freeze_time is set. Timeouts of statements and waits for clients
  /// follow the machine's clock. Default: the time of the machine.
  std::optional<std::chrono::system_clock::time_point> time = {};
  bool freeze_time = false;
  /// Default: in the order of their insertion. Plans can set another order.
  RowOrder unordered_rows = RowOrder::kInsertion;
  /// Whether a statement fails that no rule of the plan matches. Default: it runs. Plans can set
  /// it.
  bool fail_unmatched = false;
  /// Default: kWarn if `evidence` requires any, otherwise kOff. Plans can set both.
  std::optional<Strictness> strict = {};
  /// The evidence that strict mode requires of clauses. Default: none.
  Evidence evidence = Evidence::kInferred;
  /// Maximum number of entries in the journal of a namespace; 0: no journal. Default: 10,000.
  std::size_t journal_entries = 10'000;
  /// Whether the control interface is served, below /mock and over gRPC. Default: yes.
  bool control = true;
  /// The token with which clients on other machines may use the control interface below /mock
  /// ("Authorization: Bearer TOKEN"). Default: none, only clients on loopback addresses may.
  std::string control_token = {};

  /// Another service, whose answers are recorded or compared. Default: none.
  Upstream upstream = {};

  /// Receives the log. Default: no log.
  LogFunction log = {};
  /// The least severe lines that `log` receives; others are not composed. Calls are logged as
  /// kDebug, failures of the server itself as kError. Default: all lines.
  LogLevel log_level = LogLevel::kDebug;
  /// Cancels the start while its scripts are executed.
  std::stop_token stop = {};
};

class Server;

/// A handle to a namespace of a server: a separate set of databases, made by Server::Fork. Cheap to
/// copy; valid as long as the server.
///
/// Thread safety: a value type; several threads may use one object.
class Namespace {
 public:
  /// The name that Fork was called with.
  const std::string& name() const { return name_; }
  /// The name by which `user` logs in to this namespace, with the user's own password, over every
  /// protocol and with every client: "tsadmin+t1".
  std::string UserName(std::string_view user = kDefaultUser) const;
  /// As Server::InProcess(); users log in to this namespace by their own names.
  std::shared_ptr<Transport> InProcess() const;

  /// The plan of the namespace: rules that change what calls and statements answer.
  /// ```cpp
  /// tql::mock::Rule lost{
  ///     .match = {.kind = {"INSERT"}, .table = {"sale"}},
  ///     .actions = {tql::mock::Cut{.run = tql::mock::Run::kFirst,  // the rows are stored
  ///                                .how = tql::mock::Cut::How::kReset}}};
  /// EXPECT_EQ(space().SetPlan({.rules = {lost}}), tql::Status());
  /// ```
  /// All of a plan is checked before any of it holds. INVALID_ARGUMENT with the path of the field
  /// in mock_control.proto ("rule[0].match.like: …"); NOT_FOUND if the namespace was removed.
  Status SetPlan(const mock::Plan& plan) const;
  /// Adds a rule after the existing ones.
  Status AddRule(const Rule& rule) const;
  /// The same with a text: a message of mock_control.proto in YAML or JSON:
  /// ```cpp
  /// tql::Status status = fork->SetPlan(R"(
  ///   rule:
  ///   - match: {kind: [INSERT], table: [sales]}
  ///     do: [{run: FIRST, cut: {how: RESET}}]   # it is stored, but its answer is lost
  /// )");
  /// ```
  /// An error also has the place in the text.
  Status SetPlan(std::string_view plan) const;
  /// Adds the rules of a text after the existing ones.
  Status AddRules(std::string_view plan) const;
  /// The plan as JSON, with how often each rule matched (`seen`) and acted (`fired`).
  StatusOr<std::string> Plan() const;

  /// The time of the namespace: of its sessions, results and journal. A fork has the time of its
  /// origin. Tests can move and stop it:
  /// ```cpp
  /// EXPECT_EQ(fork->AdvanceTime(std::chrono::minutes(31)), tql::Status());  // sessions expire
  /// EXPECT_EQ(client.Execute("help;").status, tql::Status());  // the client logs in again
  /// ```
  /// NOT_FOUND if the namespace was removed; INVALID_ARGUMENT, and no change, if the time would not
  /// be from 1970 to 2199.
  StatusOr<std::chrono::system_clock::time_point> Time() const;
  /// Sets the time, which runs on from there unless it is frozen.
  Status SetTime(std::chrono::system_clock::time_point time) const;
  /// Moves the time forward.
  Status AdvanceTime(std::chrono::nanoseconds by) const;
  /// Stops the time, or lets it run.
  Status FreezeTime(bool frozen = true) const;
  /// Shows the time of the machine again.
  Status UseRealTime() const;

  /// The objects of the REST API (message World of world.proto) in YAML or JSON. INVALID_ARGUMENT
  /// with the path and the place; NOT_FOUND if the namespace was removed.
  Status SetWorld(std::string_view world) const;
  /// The same as JSON, with every id, time and reference.
  StatusOr<std::string> World() const;

  /// The journal as JSON (message Journal): what was called and what became of it. `request` is a
  /// JournalRequest, e.g. "{match: {kind: [INSERT]}, wait: 2s}"; empty: everything.
  StatusOr<std::string> Journal(std::string_view request = {}) const;
  /// Verifies what the journal has:
  /// ```cpp
  /// EXPECT_EQ(space().Verify({.expect = {{.match = {.kind = {"INSERT"}}, .exactly = 1}}}),
  ///           tql::Status());
  /// ```
  /// FAILED_PRECONDITION with an explanation if it is not so.
  Status Verify(const Verification& verification) const;
  /// The same with a text (message VerifyRequest):
  /// ```cpp
  /// EXPECT_EQ(fork->Verify("{expect: [{match: {kind: [INSERT]}, exactly: 2}]}"), tql::Status());
  /// EXPECT_EQ(fork->Verify(), tql::Status());  // the plan is used up, and nothing was unexpected
  /// ```
  Status Verify(std::string_view request = {}) const;

 private:
  friend class Server;
  Status ChangePlan(std::string_view plan, bool append) const;
  Status ChangePlan(const mock::Plan& plan, bool append) const;
  Namespace(Server& server, std::string name) : server_(&server), name_(std::move(name)) {}

  Server* server_;
  std::string name_;
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
/// Clients of https_url() must trust certificate_pem(); InProcess() needs no port. A process may
/// have any number of servers; they share nothing.
///
/// Thread safety: all methods may be called from any thread. The references that they return are
/// valid as long as the server.
class Server {
 public:
  /// Starts a server, which accepts requests when this returns. Errors:
  /// ```text
  /// INVALID_ARGUMENT     the Config is invalid, a file cannot be read or used, or a script failed:
  ///                      "FILE:LINE:COLUMN: reason", where FILE is "init script 1", … for a text
  /// UNAVAILABLE          a port is in use, or another server uses the data file
  /// FAILED_PRECONDITION  the data file belongs to another program or a newer version
  /// CANCELLED            Config::stop was requested
  /// ```
  static StatusOr<std::unique_ptr<Server>> Create(Config config);
  /// Stops the server if Stop was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The URL of the HTTPS port, e.g. "https://127.0.0.1:41233"; empty if it is off.
  const std::string& https_url() const;
  /// The URL of the HTTP port, e.g. "http://127.0.0.1:41234"; empty if it is off.
  const std::string& http_url() const;
  /// The port that is in use; 0 if it is off.
  int https_port() const;
  /// The port that is in use; 0 if it is off.
  int http_port() const;
  /// The URL of the additional port of the tsload service, e.g. "https://127.0.0.1:8442"; empty if
  /// it is off.
  const std::string& tsload_url() const;
  /// The port that is in use; 0 if it is off.
  int tsload_port() const;
  /// The URL of the port of Thena's API, e.g. "http://127.0.0.1:8446"; empty if it is off.
  const std::string& thena_url() const;
  /// The port that is in use; 0 if it is off.
  int thena_port() const;
  /// The target for gRPC clients, e.g. "127.0.0.1:41234"; empty if it is off.
  const std::string& grpc_address() const;
  /// The port that is in use; 0 if it is off.
  int grpc_port() const;
  /// The certificate in PEM, which clients must trust; empty if no port uses TLS.
  const std::string& certificate_pem() const;

  /// Creates a transport to this server without a socket, for tql::Client (of tqlkit::client). Each
  /// transport has its own session and requires a login. Requests have the limits of HTTP. The
  /// transport and its streams may outlive the server; after the server has stopped, every call
  /// fails with UNAVAILABLE.
  std::shared_ptr<Transport> InProcess();

  /// Creates the namespace `name`: a separate set of databases with the current content of the
  /// namespace `from`. Neither sees later changes of the other. Tests that run concurrently can
  /// thus share one server, and each begins with the same data:
  /// ```cpp
  /// tql::StatusOr<tql::mock::Namespace> fork = server.Fork("test-1");
  /// if (!fork) return fork.status();
  /// tql::Client client(fork->InProcess());
  /// if (tql::Status status = client.Login("tsadmin", "admin"); !status.ok()) return status;
  /// ```
  /// Sessions belong to the namespace that they logged in to. At the start only "main"
  /// exists: init scripts fill it, and user names without a namespace log in to it. An existing
  /// namespace of this name is replaced: its statements are cancelled, and its sessions continue in
  /// the new one.
  ///
  /// A fork takes microseconds, regardless of the size of the data: the namespaces share pages in
  /// memory until one of them changes a page. If Config::data is a file, the first fork of "main"
  /// after a change copies the file into memory. Forks themselves are not stored in a file.
  ///
  /// An empty `from` is the content that "main" had when the server started: Fork("main", "")
  /// resets it. Errors:
  /// ```text
  /// INVALID_ARGUMENT    `name` is not 1 to 64 letters, digits, '.', '_' and '-', the first of them
  ///                     a letter or a digit; or it is "main", and `from` is not empty
  /// FAILED_PRECONDITION `name` is "main", and Config::data is a file
  /// NOT_FOUND           the namespace `from` does not exist
  /// RESOURCE_EXHAUSTED  10,000 namespaces exist, or memory is exhausted
  /// DEADLINE_EXCEEDED   a statement of `from` was writing for 5 seconds
  /// UNAVAILABLE         the server has stopped
  /// ```
  StatusOr<Namespace> Fork(std::string_view name, std::string_view from = "main");
  /// Returns a handle of the namespace "main".
  Namespace Main();
  /// Returns a handle of the namespace `name`, which need not exist: its methods then fail with
  /// NOT_FOUND.
  Namespace Find(std::string_view name);
  /// Removes a namespace. Its statements are cancelled, its sessions end with UNAUTHENTICATED.
  /// NOT_FOUND for an unknown name, INVALID_ARGUMENT for "main".
  Status Remove(std::string_view name);
  /// The names of all namespaces, in alphabetical order.
  std::vector<std::string> Namespaces() const;

  /// The answers of Config::upstream so far, as a plan in YAML: a server with this plan repeats
  /// them. Each statement has a rule, which also requires the same database and the same options;
  /// different answers of one statement are repeated in their order, the last one without a limit.
  /// NULLs, questions and errors are kept, progress is not. The plan has no passwords or session
  /// tokens. An answer of more than 1 MiB becomes an error; a plan has the limits of all plans.
  /// Empty unless Upstream::use is kRecord.
  std::string Recording() const;
  /// What Recording() has.
  struct RecordingCounts {
    std::uint64_t statements = 0;  ///< Recorded answers, repetitions included.
    std::uint64_t rules = 0;       ///< Rules of the plan.
    std::uint64_t too_large = 0;   ///< Answers that became an error, because they are too large.
    std::uint64_t left_out = 0;    ///< Answers that did not fit into the plan.
  };
  /// Counts the answers and the rules so far.
  RecordingCounts recording_counts() const;

  /// The format of a report.
  enum class ReportFormat : std::uint8_t { kJson, kJunit };
  /// What was used and what was unexpected so far (message Report of mock_control.proto): the rules
  /// of each namespace, statements that no rule matched, warnings, and the differences to
  /// Config::upstream. As JSON, or as test cases in the XML format of JUnit.
  std::string Report(ReportFormat format = ReportFormat::kJson) const;
  /// Whether the report has no difference to Config::upstream.
  bool EqualsUpstream() const;
  /// The differences to Config::upstream as lines of text, after a summary. Empty without one.
  std::string Differences() const;

  /// Stops accepting calls, cancels running statements (their clients receive an error), gives
  /// responses in progress up to `grace` to reach their clients, then closes every connection. With
  /// a data file, changes whose success was reported are stored. May be called more than once.
  void Stop(std::chrono::milliseconds grace = std::chrono::milliseconds(150));

 private:
  friend class Namespace;
  struct Impl;
  std::shared_ptr<Transport> InProcess(std::string_view space);
  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace tql::mock

#endif  // TQL_MOCK_SERVER_H_
