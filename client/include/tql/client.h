/// \file
/// The client of a TQL service: begin here.
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

/// A client library for TQL services, libtql; Client is its middle.
namespace tql {

/// A session with a TQL service.
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
/// Copies share the connections and the login, and each has a context of its own ("USE db;" on one
/// does not move the other). Errors leave a client usable.
///
/// Texts are UTF-8. A statement or script that is not, or a name or option sent with it, is refused
/// with INVALID_ARGUMENT, which names the byte and its place, before anything is sent.
///
/// Thread safety: all calls may come from several threads at once; statements that run at the same
/// time on one Client share its context, so give each thread a copy when they use USE.
///
/// fork(): over HTTP and HTTPS both processes may go on with the client, with connections of their
/// own and the same session. Over gRPC every call in the child fails with FAILED_PRECONDITION, and
/// so does a new gRPC client there. A result belongs to the process that sent its statement; in a
/// child it gives FAILED_PRECONDITION. The mutexes of the library are free in the child; a user's
/// callback must not fork.
class Client {
 public:
  /// Connects and, when there are a user and credentials, logs in. profile.h says where settings
  /// come from; `url` may be empty when they have one. INVALID_ARGUMENT for a bad URL or bad
  /// options; otherwise the errors of ResolveTarget and of Transport::Login.
  static StatusOr<Client> Connect(std::string_view url, Options options = {});

  /// A client over any transport, e.g. a mock. Nothing is sent.
  explicit Client(std::shared_ptr<Transport> transport, Options options = {});

  Client(const Client& other);
  Client& operator=(const Client& other);
  Client(Client&&) noexcept = default;
  Client& operator=(Client&&) noexcept = default;
  ~Client() = default;

  /// Opens the session that later calls run in. A service ends sessions that are idle for long;
  /// when a call finds its session gone before its answer begins (UNAUTHENTICATED), the client logs
  /// in again, once, and repeats the call, which the service has not begun. So user and password
  /// stay in memory until Logout. When that login fails, its error is the call's. Calls on all
  /// copies share one such login.
  Status Login(const std::string& user, const std::string& password);
  /// Ends the session, for all copies, and forgets user and password.
  Status Logout();

  /// Runs one statement and hands out its rows. Errors are in the result.
  QueryResult Query(std::string statement, RequestOptions request = {});
  /// Runs one statement and reads its whole result into memory.
  StatusOr<Table> QueryTable(std::string statement, RequestOptions request = {});
  /// Runs one statement to its end, for its effect and its messages.
  Outcome Execute(std::string statement, RequestOptions request = {});
  /// The only cell of the only row, as Row::get<T> gives it. FAILED_PRECONDITION when the result
  /// has another shape.
  template <typename T>
  StatusOr<T> QueryValue(std::string statement, RequestOptions request = {}) {
    StatusOr<Row> row = QueryOneCell(std::move(statement), std::move(request));
    if (!row) return row.status();
    static_assert(!std::is_same_v<T, std::string_view>, "it would outlive its row");
    return row->get<T>(0);
  }
  /// Runs a script on the server. It asks no questions.
  ScriptResult RunScript(std::string script, RequestOptions request = {});

  /// The pages of a SELECT, of `size` rows each; see PageRange.
  PageRange Pages(std::string statement, std::int64_t size, RequestOptions request = {}) const {
    return PageRange(*this, std::move(statement), size, std::move(request));
  }

  /// QueryTable in the background. Each call of this kind runs on a thread of its own, made for it,
  /// so hundreds at once are fine and thousands are not; callbacks and the observer are called by
  /// that thread. They share the context of this client, which may be destroyed or moved from
  /// before they end. The future's destructor waits for the call; RequestOptions::stop ends it
  /// early.
  std::future<StatusOr<Table>> QueryTableAsync(std::string statement,
                                               RequestOptions request = {}) const;
  /// Execute in the background; see QueryTableAsync.
  std::future<Outcome> ExecuteAsync(std::string statement, RequestOptions request = {}) const;
  /// RunScript in the background: one table, or error, for each statement; behind them the script's
  /// own error, if it had one.
  std::future<std::vector<StatusOr<Table>>> RunScriptAsync(std::string script,
                                                           RequestOptions request = {}) const;

  /// The events of one statement as they come: what Query is made of, for programs that show
  /// messages and rows in their order. Questions are answered and the context is kept, as there.
  StatusOr<std::unique_ptr<ResultStream>> Stream(std::string statement,
                                                 RequestOptions request = {});
  /// The same for a script, of either kind: what RunScript is made of.
  StatusOr<std::unique_ptr<ResultStream>> StreamScript(std::string script,
                                                       RequestOptions request = {},
                                                       ScriptKind kind = ScriptKind::kTql);

  /// Words for completion: those of the language, or the service's own names.
  StatusOr<Tokens> GetTokens(TokenKind kind);
  /// The version of the schema, which moves with every successful DDL statement.
  StatusOr<std::int64_t> SchemaVersion();

  /// What the next statement is sent with: kept from the last answer.
  Context context() const;
  /// Puts another in its place, e.g. to go back to a database.
  void set_context(Context context);

 private:
  struct State;
  /// Another handle of this very client: unlike a copy it has the same context.
  Client Share() const {
    Client same(*this);
    same.state_ = state_;
    return same;
  }
  StatusOr<Row> QueryOneCell(std::string statement, RequestOptions request);
  std::shared_ptr<State> state_;
};

/// The transport that the URL names, with the retry rules of `options`. Client::Connect makes one.
/// INVALID_ARGUMENT for options that cannot be used.
StatusOr<std::shared_ptr<Transport>> MakeTransport(const Url& url, const Options& options);
/// HTTP and HTTPS, whatever the URL says of gRPC.
StatusOr<std::shared_ptr<Transport>> MakeHttpTransport(const Url& url, const Options& options);
/// The service of tql_service.proto, over TLS or without.
StatusOr<std::shared_ptr<Transport>> MakeGrpcTransport(const Url& url, const Options& options);

}  // namespace tql

#endif  // TQL_CLIENT_H_
