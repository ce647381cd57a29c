/// \file
/// The interface between Client and a protocol. Implement it to intercept calls or to replace the
/// service in tests.
#ifndef TQL_TRANSPORT_H_
#define TQL_TRANSPORT_H_

#include "tql/cxx20.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tql/observer.h"
#include "tql/result_stream.h"
#include "tql/statement_options.h"
#include "tql/status.h"

namespace tql {

/// The time at which a call must have ended.
using Deadline = std::chrono::steady_clock::time_point;

/// Identity and statistics of one call, passed down through all of its attempts. Client creates one
/// if the client has an observer or the request an id.
struct CallTrace {
  CallInfo call;
  std::chrono::steady_clock::time_point start{};
  std::shared_ptr<CallObserver> observer;  ///< May be null.
  std::atomic<int> attempts{1};            ///< Number of attempts so far.
};

/// Details of a failed call beyond its Status, for a caller that may repeat it.
struct FailureNote {
  /// No host could be connected to, so nothing was sent and the call had no effect on the service.
  bool nothing_sent = false;
  /// The pause that the service asked for (HTTP's Retry-After, gRPC's retry pushback). Zero if it
  /// did not ask.
  std::chrono::milliseconds retry_after{0};
};

/// Limits of one call, and where its details are reported.
struct CallLimits {
  /// Applies to the whole call, until the end of its response.
  Deadline deadline = Deadline::max();
  /// The call ends with CANCELLED when a stop is requested.
  std::stop_token stop;
  /// Null if the call is neither observed nor has an id.
  std::shared_ptr<CallTrace> trace = nullptr;
  /// Set by transports that know details of a failure, before the call returns; the transport does
  /// not keep the pointer. Null if the caller does not need it.
  FailureNote* note = nullptr;
};

/// Arguments of Transport::Login.
struct LoginParams {
  std::string user;      ///< The user's name.
  std::string password;  ///< Implementations must not log it.
  CallLimits limits;
};

/// Arguments of Transport::Logout.
struct LogoutParams {
  CallLimits limits;
};

/// The answer to a Question that an earlier request of the same statement raised.
struct Answer {
  std::string question_id;  ///< Question::id.
  std::string answer;       ///< One of Question::options, or any text if it is empty.
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// Arguments of Transport::Query.
struct QueryParams {
  std::string statement;     ///< One statement; the service also accepts several.
  Context context;           ///< In which unqualified names are looked up.
  StatementOptions options;  ///< How the service executes the statement and prints its result.
  /// All answers given so far. The service keeps no state between questions, so every answer is
  /// sent again with the next request.
  std::vector<Answer> answers;
  /// Executing the statement twice has the same effect as executing it once.
  bool idempotent = false;
  CallLimits limits;
};

/// The format of a script; the service's ExecuteSqlScriptRequest.Type.
enum class ScriptKind : std::uint8_t {
  kTql,    ///< Statements, each terminated by a semicolon.
  kProto,  ///< A whole ExecuteSqlScriptRequest in protobuf text format ("PROTO_SCRIPT").
};

/// Arguments of Transport::RunScript.
struct ScriptParams {
  std::string script;  ///< In the format `kind`.
  Context context;     ///< Of the first statement; each continues with that of the previous one.
  StatementOptions options;  ///< Of all statements.
  CallLimits limits;
  ScriptKind kind = ScriptKind::kTql;
};

/// A kind of completion words.
enum class TokenKind : std::uint8_t {
  kStatic,   ///< Keywords of the language.
  kDynamic,  ///< Names of databases, schemas, tables and columns.
};

/// Arguments of Transport::GetTokens.
struct TokensParams {
  TokenKind kind = TokenKind::kStatic;
  CallLimits limits;
};

/// Arguments of Transport::SchemaVersion.
struct SchemaVersionParams {
  CallLimits limits;
};

/// Words for completion.
struct Tokens {
  std::vector<std::string> tokens;
  /// The schema version that dynamic tokens belong to.
  std::optional<std::int64_t> server_schema_version;
};

/// A connection to a TQL service. Client calls it and adds relogin, questions, the context and
/// observation. Errors leave a transport usable; the next call replaces a broken connection.
///
/// An implementation may wrap another one, to log, delay or change calls, or replace the service in
/// tests:
///
/// ```cpp
/// auto transport = std::make_shared<MockTransport>();
/// EXPECT_CALL(*transport, Query(_)).WillOnce([](const tql::QueryParams&) {
///   return tql::StatusOr<std::unique_ptr<tql::ResultStream>>(tql::UnavailableError("away"));
/// });
/// tql::Client client(transport);
/// ```
///
/// Ownership: Client shares ownership of its transport. A stream may outlive the transport.
///
/// Errors of all calls:
/// - UNAVAILABLE: the service cannot be reached, or the connection was lost
/// - UNAUTHENTICATED: no session, or a wrong user or password
/// - PERMISSION_DENIED: the user may not do this
/// - FAILED_PRECONDITION: the server is not trusted, or does not speak this protocol
/// - RESOURCE_EXHAUSTED: the service limits its load
/// - DEADLINE_EXCEEDED, CANCELLED: the limits of the call
/// - INVALID_ARGUMENT: a request that cannot be sent or that the service rejects
/// - DATA_LOSS, INTERNAL: a response that is truncated or invalid
///
/// Thread safety: all calls may be made from several threads at the same time.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Opens the session that later calls use, replacing an earlier one.
  virtual Status Login(const LoginParams& params) = 0;
  /// Ends the session.
  virtual Status Logout(const LogoutParams& params) = 0;
  /// Executes one statement. Returns when the response begins; its events, and later errors, are
  /// in the stream, which may outlive the transport.
  virtual StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) = 0;
  /// Executes a script. The stream has the events of its statements, in order.
  virtual StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) = 0;
  /// Returns words for completion.
  virtual StatusOr<Tokens> GetTokens(const TokensParams& params) = 0;
  /// Returns the schema version of the server.
  virtual StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) = 0;
};

}  // namespace tql

#endif  // TQL_TRANSPORT_H_
