// The interface between front ends and the TQL service; it knows no protocol. Front ends convert
// requests of their protocol to these calls, and the calls of the sink to bytes. To observe or
// change calls, wrap the service (service_wrapper.h).
#ifndef TQLKIT_MOCKSERVER_SERVICE_SERVICE_H_
#define TQLKIT_MOCKSERVER_SERVICE_SERVICE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/service/coverage.h"
#include "mockserver/service/response_sink.h"
#include "mockserver/service/session.h"
#include "mockserver/space/namespaces.h"
#include "tql/status.h"
#include "tql/wire/messages.h"
#include "tqlkit/tql_service.pb.h"

namespace tql::service {

enum class Protocol : std::uint8_t { kHttp, kGrpc, kInProcess };

/// The services beside TQL, whose calls front ends answer themselves.
enum class Neighbor : std::uint8_t { kLoad, kRest, kThena };

/// A call's properties besides its request. It belongs to the thread that makes the call. It and
/// the texts of its views must outlive the AdmittedCall.
struct CallContext {
  Protocol protocol = Protocol::kInProcess;
  bool tls = false;         // over HTTP: whether the connection is encrypted
  std::string_view method;  // of HTTP: "POST"; empty otherwise
  std::string_view target;  // of HTTP: the path; else the method of the gRPC service
  /// How the real service's call with this target is known; nullopt: a call of the mock server
  /// only.
  std::optional<Evidence> evidence;
  std::string_view peer;        // the client's address, without the port
  std::string_view request_id;  // chosen by the client; empty if it sent none
  /// A header of the request, or metadata, by its name (any case); empty without one. May be null.
  std::function<std::string_view(std::string_view name)> header;
  /// The namespace to log in to, unless the user name contains one; after Authenticate and Login,
  /// the namespace of the session.
  std::string_view space = space::kMain;

  std::string_view token;  // of the session, as the client sent it; empty: none
  std::optional<Session>
      session;  // set by Service::Authenticate and by every call that requires a session

  engine::Clock::TimePoint started;
  std::uint64_t answer_bytes = 0;  // written so far, if the front end counts them; for the log
  engine::MachineClock::time_point deadline = engine::MachineClock::time_point::max();
  /// Runs a function that waits, during which another call may use the thread's place. May be null.
  std::function<void(const std::function<void()>& wait)> run_waiting;
  /// The keys of the request that its message does not have, as paths ("query.statment"). May be
  /// null: the message itself has its unknown fields.
  std::function<std::vector<std::string>()> unknown_keys;
  /// The known parameters of the request. May be null: none, or they are options of TQL.
  std::function<std::vector<ParameterCoverage>()> parameters;
  /// Receives whether the default maximum of rows left out rows of the last SELECT. Null: not of
  /// interest.
  std::shared_ptr<bool> was_cut;
  /// Set by wrappers, before the answer begins: the front end ends the call instead of answering,
  /// or changes the head of its HTTP response.
  std::optional<net::Cut> cut;
  std::optional<HeadChanges> head;
  /// Set by wrappers for calls without statements: changes the body of the HTTP response. Null: it
  /// is not changed.
  std::shared_ptr<CallBodyFilter> body;
  /// Returns whether the client has disconnected. The thread that runs the call polls it often.
  /// Null if the client cannot disconnect.
  std::function<bool()> client_gone;
};

/// A query or a script that may run. Belongs to one thread at a time.
class AdmittedCall {
 public:
  virtual ~AdmittedCall() = default;
  /// Returns the first statement, before Run; nullopt if it is unknown.
  virtual std::optional<ResponseSink::PendingStatement> First() const { return std::nullopt; }
  /// Runs the statements and writes all answers; called at most once. The error of a statement is
  /// an answer. UNAVAILABLE if the server stopped before the end; then the sink was not finished.
  virtual Status Run(ResponseSink& sink) = 0;
};

struct LoginResult {
  std::string token;
  Session session;
};

struct TokenList {
  std::optional<std::int64_t> schema_version;  // of dynamic tokens alone
  std::vector<std::string> tokens;             // in alphabetical order

  /// Passes the tokens in pieces of about 64 KiB, at least one, until `take` returns false.
  void VisitPieces(const std::function<bool(std::span<const std::string> piece)>& take) const;
};

/// Every call but Login and Logout is UNAUTHENTICATED without a live session. A request with a text
/// that is not valid UTF-8 is an INVALID_ARGUMENT.
///
/// Thread safety: every method may be called from any number of threads.
class Service {
 public:
  virtual ~Service() = default;

  /// Finds the session of the token and sets context.session, unless that is set already. For
  /// front ends that reject unknown clients before they read a request, or return session data.
  virtual Status Authenticate(CallContext& context) = 0;

  /// Sets context.session. The user name may end with '+' and the namespace to log in to, as in
  /// "tsadmin+t1", unless a user has the whole name. Errors: those of SessionStore::Login, and
  /// UNAUTHENTICATED for an unknown namespace.
  virtual StatusOr<LoginResult> Login(CallContext& context, const pb::LoginRequest& request) = 0;
  virtual void Logout(CallContext& context) = 0;

  /// Admits a query: all checks that can reject it happen here, so that a front end knows the
  /// status before it writes the first byte of a response. If the first statement is a SELECT, its
  /// cursor is opened and moved to the first row.
  ///
  /// PERMISSION_DENIED without the privilege, INVALID_ARGUMENT for a request that has no
  /// `statement` at all (a blank one succeeds), RESOURCE_EXHAUSTED if no cursor is left for the
  /// first SELECT, UNAVAILABLE if the server is stopping.
  virtual StatusOr<std::unique_ptr<AdmittedCall>> Query(CallContext& context,
                                                        pb::ExecuteQueryRequest request) = 0;
  /// Admits a script. The answer of each statement is written when the statement ends. It begins
  /// with the statement's text as an INFO message; once a second, a line of progress precedes it.
  /// `exit;` and `quit;` end the script with success. A PROTO_SCRIPT is an ExecuteSqlScriptRequest
  /// in protobuf text format whose `script` is TQL:
  ///   script: "show databases; show tables;" options { adv_options { allow_unsafe: true } }
  /// Errors as for Query.
  virtual StatusOr<std::unique_ptr<AdmittedCall>> RunScript(
      CallContext& context, pb::ExecuteSqlScriptRequest request) = 0;

  /// Returns the words of the language (static tokens) or the names of all databases, schemas,
  /// tables and columns without duplicates (dynamic tokens). PERMISSION_DENIED without the
  /// privilege.
  virtual StatusOr<TokenList> Tokens(CallContext& context, const pb::GetTokensRequest& request) = 0;
  virtual StatusOr<std::int64_t> SchemaVersion(CallContext& context) = 0;

  /// Admits a call that a front end answers itself, such as a health check or a request for session
  /// information, so that wrappers observe and refuse it. OK, or the status that ends the call.
  virtual Status Other(CallContext& context) = 0;
  /// Serves a call of a service beside TQL. `answer` makes the response in the front end and
  /// returns its status. Wrappers may refuse the call before, or replace its response after it ran:
  /// returns the status of the response that the client receives.
  virtual Status Serve(CallContext& /*context*/, Neighbor /*service*/,
                       const std::function<Status()>& answer) {
    return answer();
  }
  /// Reports a call that a front end refused itself, such as one with an unknown path or an
  /// unreadable request, so that wrappers observe every call.
  virtual void Answered(const CallContext& context, const Status& status) = 0;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_SERVICE_H_
