/// \file
/// Client, the entry class of libtql. Start here.
#ifndef TQL_CLIENT_H_
#define TQL_CLIENT_H_

#include "tql/cxx20.h"

#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tql/options.h"
#include "tql/pages.h"
#include "tql/result.h"
#include "tql/status.h"
#include "tql/transport.h"
#include "tql/url.h"

/// libtql, a client library for TQL services. Start with `Client`.
namespace tql {

/// A client of one TQL service: its connections, its login session and its context.
///
/// ```cpp
/// auto client = tql::Client::Connect("tql://tsadmin@127.0.0.1:8443/retail",
///                                    {.credentials = tql::Credentials::FromEnvironment()});
/// if (!client) return client.status();
/// for (auto& row : client->Query("select store_id, city from store;").rows<int, std::string>()) {
///   if (!row) return row.status();
///   auto& [id, city] = *row;
///   std::cout << id << ' ' << city << '\n';
/// }
/// ```
///
/// Errors: no call throws. A failed call leaves the client usable. All text is UTF-8; a statement,
/// script, name or option that is not valid UTF-8 fails with INVALID_ARGUMENT before anything is
/// sent, and the message names the invalid byte and its position.
///
/// Copying: copies share the connections and the login session. Each copy has a context of its
/// own, so "USE db;" on one copy does not affect the others. A moved-from client may only be
/// destroyed or assigned to.
///
/// Performance: a client keeps up to Options::idle_connections HTTP connections open and reuses
/// them, so create one client per service and copy it. Rows are read from the connection as the
/// program asks for them; memory does not grow with the size of the result, except in QueryTable
/// and the other calls that return a Table.
///
/// Thread safety: all calls may be made from several threads at the same time. Statements that run
/// concurrently on one Client share its context; give each thread a copy if they execute USE.
///
/// fork(): over HTTP and HTTPS both processes may continue to use the client. The child opens
/// connections of its own and uses the same session. Over gRPC every call in the child, also of a
/// client created there, fails with FAILED_PRECONDITION. A result belongs to the process that sent
/// its statement; in a child it returns FAILED_PRECONDITION. The library's mutexes are unlocked in
/// the child. A user's callback must not fork.
class Client {
 public:
  /// Connects and, if a user and credentials are known, logs in. Settings that neither `url` nor
  /// `options` contain are taken from the environment and the profile; profile.h documents the
  /// precedence. `url` may be empty if one of these provides it. Without user or credentials
  /// nothing is sent and the returned client has no session.
  ///
  /// Errors: INVALID_ARGUMENT for an invalid URL or invalid options; the errors of ResolveTarget,
  /// Credentials::password and Transport::Login.
  static StatusOr<Client> Connect(std::string_view url, Options options = {});

  /// A client on any transport, for example a mock. Sends nothing. Of `options`, the members that
  /// concern connecting and logging in have no effect.
  explicit Client(std::shared_ptr<Transport> transport, Options options = {});

  Client(const Client& other);
  Client& operator=(const Client& other);
  Client(Client&&) noexcept = default;
  Client& operator=(Client&&) noexcept = default;
  ~Client() = default;

  /// Logs in, replacing the session of this client and its copies.
  ///
  /// A service ends sessions that are idle for a long time. If a later call finds that its session
  /// has ended (UNAUTHENTICATED before any part of the response), the client logs in again and
  /// repeats the call once; the service has not started to execute it. For this purpose the user
  /// and password stay in memory until Logout. If that login fails, the call fails with its error.
  /// Concurrent calls on all copies share one such login.
  ///
  /// Errors: those of Transport::Login; UNAUTHENTICATED for a wrong user or password.
  Status Login(const std::string& user, const std::string& password);
  /// Ends the session of this client and its copies, and erases the stored user and password. If it
  /// fails with an error other than UNAUTHENTICATED, the session continues.
  Status Logout();

  /// Executes one statement and returns its rows as they arrive. Errors are in the result.
  QueryResult Query(std::string statement, RequestOptions request = {});
  /// Executes one statement and reads its whole result into memory.
  StatusOr<Table> QueryTable(std::string statement, RequestOptions request = {});
  /// Executes one statement to its end and discards its rows. For DDL and DML.
  Outcome Execute(std::string statement, RequestOptions request = {});
  /// Executes a statement whose result has one row of one column, and returns that cell as
  /// Row::get<T> does. FAILED_PRECONDITION if the result has another shape.
  template <typename T>
  StatusOr<T> QueryValue(std::string statement, RequestOptions request = {}) {
    StatusOr<Row> row = QueryOneCell(std::move(statement), std::move(request));
    if (!row) return row.status();
    static_assert(!std::is_same_v<T, std::string_view>, "it would outlive its row");
    return row->get<T>(0);
  }
  /// Executes several statements in one request; the server splits the script. The service asks no
  /// questions in a script.
  ScriptResult RunScript(std::string script, RequestOptions request = {});

  /// The result of a SELECT in pages of `size` rows, one request per page. See PageRange.
  PageRange Pages(std::string statement, std::int64_t size, RequestOptions request = {}) const {
    return PageRange(*this, std::move(statement), size, std::move(request));
  }

  /// QueryTable in the background.
  ///
  /// Each asynchronous call starts a thread, so use them for tens or hundreds of concurrent calls,
  /// not thousands. Callbacks and the observer are called by that thread. The call shares the
  /// context of this client, which may be destroyed or moved from before the call ends. The
  /// destructor of the future waits for the call; use RequestOptions::stop to end it early.
  std::future<StatusOr<Table>> QueryTableAsync(std::string statement,
                                               RequestOptions request = {}) const;
  /// Execute in the background; see QueryTableAsync.
  std::future<Outcome> ExecuteAsync(std::string statement, RequestOptions request = {}) const;
  /// RunScript in the background; see QueryTableAsync. The vector has one table or error per
  /// statement, followed by the error that ended the script, if any.
  std::future<std::vector<StatusOr<Table>>> RunScriptAsync(std::string script,
                                                           RequestOptions request = {}) const;

  /// Executes one statement and returns its events in the order of arrival, for programs that
  /// display messages and rows interleaved. Query is built on it: as there, questions are answered
  /// by the callback and the context is updated.
  StatusOr<std::unique_ptr<ResultStream>> Stream(std::string statement,
                                                 RequestOptions request = {});
  /// The same for a script of the given kind. RunScript is built on it.
  StatusOr<std::unique_ptr<ResultStream>> StreamScript(std::string script,
                                                       RequestOptions request = {},
                                                       ScriptKind kind = ScriptKind::kTql);

  /// Words for completion: keywords of the language, or names in the catalog.
  StatusOr<Tokens> GetTokens(TokenKind kind);
  /// The schema version of the server; every successful DDL statement changes it.
  StatusOr<std::int64_t> SchemaVersion();

  /// The context that the next statement is sent with. Every response updates it.
  Context context() const;
  /// Replaces the context, e.g. to return to an earlier database.
  void set_context(Context context);

 private:
  struct State;
  /// A second handle on this client: unlike a copy it shares the context.
  Client Alias() const {
    Client same(*this);
    same.state_ = state_;
    return same;
  }
  StatusOr<Row> QueryOneCell(std::string statement, RequestOptions request);
  std::shared_ptr<State> state_;
};

/// Creates the transport that `url` selects (HTTP or gRPC), with the retry rules of `options`.
/// Client::Connect uses it. Connects to nothing yet. INVALID_ARGUMENT for invalid options.
StatusOr<std::shared_ptr<Transport>> MakeTransport(const Url& url, const Options& options);
/// Creates a transport over HTTP or HTTPS; ignores Url::protocol.
StatusOr<std::shared_ptr<Transport>> MakeHttpTransport(const Url& url, const Options& options);
/// Creates a transport over gRPC (tql_service.proto), with TLS or without; ignores Url::protocol.
StatusOr<std::shared_ptr<Transport>> MakeGrpcTransport(const Url& url, const Options& options);

}  // namespace tql

#endif  // TQL_CLIENT_H_
