/// \file
/// The interface between Client and a protocol. Implement it to intercept or to fake a service.
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

/// A moment, when a call must have ended.
using Deadline = std::chrono::steady_clock::time_point;

/// What one call is known by on its way down, through all of its attempts. Client makes one when
/// somebody observes or gave a request id.
struct CallTrace {
  CallInfo call;
  std::chrono::steady_clock::time_point start{};
  std::shared_ptr<CallObserver> observer;  ///< May be null.
  std::atomic<int> attempts{1};            ///< Made so far.
};

/// What a transport says of a call that failed, beside its Status, for whoever may try it again.
struct FailureNote {
  /// Nothing was sent, because no host could be connected to: whatever the call does, it has not
  /// done it.
  bool nothing_sent = false;
  /// How long the service wants to be left alone (HTTP's Retry-After, gRPC's retry pushback); zero
  /// when it did not say.
  std::chrono::milliseconds retry_after{0};
};

/// How long a call may take in all, its whole answer included, and who may end it earlier.
struct CallLimits {
  Deadline deadline = Deadline::max();
  std::stop_token stop;
  /// Null when nobody asked for one.
  std::shared_ptr<CallTrace> trace = nullptr;
  /// Set by a transport that knows more of a failure, before the call returns; not kept beyond
  /// that. Null when nobody asks.
  FailureNote* note = nullptr;
};

/// What Transport::Login is given.
struct LoginParams {
  std::string user;
  std::string password;
  CallLimits limits;
};

/// What Transport::Logout is given.
struct LogoutParams {
  CallLimits limits;
};

/// The reply to a Question of the same statement.
struct Answer {
  std::string question_id;
  std::string answer;
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// What Transport::Query is given.
struct QueryParams {
  std::string statement;
  Context context;
  StatementOptions options;
  /// Every answer given so far: the service keeps no state between questions.
  std::vector<Answer> answers;
  /// The statement may be sent twice without harm, although it does not only read.
  bool idempotent = false;
  CallLimits limits;
};

/// What the text of a script is (reference §5.3).
enum class ScriptKind : std::uint8_t {
  kTql,    ///< Statements, each with its semicolon.
  kProto,  ///< A whole request in protobuf text form, as servers keep schemas: "PROTO_SCRIPT".
};

/// What Transport::RunScript is given.
struct ScriptParams {
  std::string script;
  Context context;
  StatementOptions options;
  CallLimits limits;
  ScriptKind kind = ScriptKind::kTql;
};

/// Which words for completion.
enum class TokenKind : std::uint8_t {
  kStatic,   ///< Words of the language.
  kDynamic,  ///< Names of databases, schemas, tables and columns.
};

/// What Transport::GetTokens is given.
struct TokensParams {
  TokenKind kind = TokenKind::kStatic;
  CallLimits limits;
};

/// What Transport::SchemaVersion is given.
struct SchemaVersionParams {
  CallLimits limits;
};

/// Words for completion.
struct Tokens {
  std::vector<std::string> tokens;
  /// Of the schema that dynamic tokens were taken from.
  std::optional<std::int64_t> server_schema_version;
};

/// A connection to a TQL service. Errors leave it usable: a broken connection is replaced at the
/// next call.
///
/// Errors of all calls: UNAVAILABLE (not reached, or lost), UNAUTHENTICATED (no session, or a wrong
/// password), PERMISSION_DENIED, DEADLINE_EXCEEDED, CANCELLED, INVALID_ARGUMENT (a request that
/// cannot be sent), DATA_LOSS and INTERNAL (an answer that is cut or cannot be understood).
///
/// Thread safety: all calls may come from several threads at once.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Opens the session that later calls run in, in the place of any earlier one.
  virtual Status Login(const LoginParams& params) = 0;
  /// Ends the session.
  virtual Status Logout(const LogoutParams& params) = 0;
  /// Runs one statement; returns when the answer begins. The stream may outlive the transport.
  virtual StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) = 0;
  /// Runs a script; the events of its statements come in their order.
  virtual StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) = 0;
  /// Words for completion.
  virtual StatusOr<Tokens> GetTokens(const TokensParams& params) = 0;
  /// The version of the schema.
  virtual StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) = 0;
};

}  // namespace tql

#endif  // TQL_TRANSPORT_H_
