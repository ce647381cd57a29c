#include "mockserver/testdouble/double_service.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/service/discarding_sink.h"
#include "mockserver/testdouble/answer_filters.h"
#include "mockserver/testdouble/call_body.h"
#include "mockserver/testdouble/control.h"
#include "mockserver/testdouble/double_sink.h"
#include "mockserver/testdouble/strict.h"

namespace tql::testdouble {
namespace {

using mockpb::Action;
using mockpb::Position;
using service::AdmittedCall;
using service::CallContext;

/// Runs an admitted call with the actions of the plan, and records it.
class AdmittedDouble : public AdmittedCall {
 public:
  AdmittedDouble(DoubledCall call, std::unique_ptr<AdmittedCall> admitted, DoubledStatement first)
      : call_(std::move(call)), admitted_(std::move(admitted)), first_(std::move(first)) {}

  /// A call that never runs, because its client has disconnected, is recorded as well.
  ~AdmittedDouble() override {
    if (!first_.record) return;
    try {
      first_.SetOutcome(mockpb::CANCELLED);
      call_.Add(first_);
    } catch (const std::exception&) {  // no memory
    }
  }
  AdmittedDouble(const AdmittedDouble&) = delete;
  AdmittedDouble& operator=(const AdmittedDouble&) = delete;

  std::optional<service::ResponseSink::PendingStatement> First() const override {
    return admitted_->First();
  }
  Status Run(service::ResponseSink& sink) override {
    DoubleSink doubled(sink, call_, std::move(first_));
    const Status status = admitted_->Run(doubled);
    doubled.Close(status);
    return status;
  }

 private:
  const DoubledCall call_;
  const std::unique_ptr<AdmittedCall> admitted_;
  DoubledStatement first_;
};

/// Those of a request in JSON, or the unknown fields of one in protobuf. The request is borrowed.
DoubledCall::UnknownKeys UnknownKeysOf(const CallContext& context,
                                       const google::protobuf::Message& request) {
  if (context.unknown_keys) return context.unknown_keys;
  return [&request] { return UnknownFieldsOf(request); };
}

/// Whether the call's rule changes the body of its response.
bool ActsOnBody(const CallContext& context, const DoubledStatement& taken) {
  return context.protocol == service::Protocol::kHttp && taken.rule &&
         std::ranges::any_of(taken.rule->actions(),
                             [](const RuleAction& action) { return ChangesBody(action.message); });
}

/// A call of a service beside TQL. Its front end may leave it to the double to find the session,
/// and with it the namespace and the user of the journal.
struct NeighborCall {
  mockpb::Call call = mockpb::ANY_CALL;
  bool needs_session = false;
};

/// Without a default, so that the compiler reports a service that is missing here.
NeighborCall CallOf(service::Neighbor service) {
  switch (service) {
    case service::Neighbor::kLoad:
      return {.call = mockpb::LOAD, .needs_session = true};
    case service::Neighbor::kRest:
      return {.call = mockpb::REST};
    case service::Neighbor::kThena:
      return {.call = mockpb::THENA};
  }
  return {};
}

}  // namespace

/// Returns the namespace "main" for an unknown name.
std::shared_ptr<space::Namespace> DoubleService::NamespaceOf(std::string_view name) const {
  std::shared_ptr<space::Namespace> space = namespaces_.Find(name);
  return space ? space : namespaces_.Find(space::kMain);
}

Status DoubleService::EndSession(CallContext& context, Action::Session::What what) const {
  if (what == Action::Session::EXPIRE_ALL) {
    sessions_.EndAll(context.space);
  } else {
    sessions_.Logout(context.token);
  }
  return sessions_.Authenticate(context.token).status();
}

Status DoubleService::BeforeAnswer(const DoubledCall& call, DoubledStatement& taken,
                                   bool has_statements,
                                   const std::function<void(const Status&)>& run) const {
  CallContext& context = call.context();
  const std::vector<RuleAction>& actions = taken.rule->actions();
  const bool refuses = std::ranges::any_of(
      actions, [](const RuleAction& action) { return action.message.has_status(); });
  const bool has_body = context.protocol == service::Protocol::kHttp;
  for (const RuleAction& rule_action : actions) {
    const Action& action = rule_action.message;
    if (action.has_delay() && (refuses || !has_statements)) {
      (void)call.Wait(taken.rule, rule_action.duration);
    } else if (action.has_head() && context.protocol == service::Protocol::kHttp) {
      if (!context.head) context.head.emplace();
      context.head->set.insert(context.head->set.end(), action.head().set().begin(),
                               action.head().set().end());
      context.head->remove.insert(context.head->remove.end(), action.head().remove().begin(),
                                  action.head().remove().end());
    } else if (action.has_session()) {
      if (Status ended = EndSession(context, action.session().what()); !ended.ok()) return ended;
    } else if (action.has_status()) {
      const Action::Status& status = action.status();
      Status instead(rule_action.code, status.message().empty()
                                           ? std::string(StatusCodeName(rule_action.code))
                                           : status.message());
      if (action.run() == Action::FIRST) run(instead);
      if (!context.head) context.head.emplace();
      context.head->status = rule_action.http;
      context.head->content_type = status.content_type();
      context.head->body = status.body();
      return instead;
    } else if (action.has_cut() && action.cut().at().at_case() == Position::AT_NOT_SET &&
               (!has_statements || action.run() == Action::NOT)) {
      Status instead = UnavailableError("the rule " + taken.rule->id() + " cut the call");
      if (action.run() != Action::NOT) run(instead);
      context.cut = CutOf(action.cut(), call.Released(taken.rule));
      return instead;
    } else if (!has_statements && has_body && ChangesBody(action)) {
      taken.replaced |= action.has_answer();  // the other actions act while the body is sent
    } else if (!has_statements) {
      taken.Warn(ChangesBody(action) ? "an action needs an HTTP response and was left out"
                                     : "an action needs a statement and was left out");
    }
  }
  if (!taken.replaced) return Status();
  Status instead = UnavailableError("the rule " + taken.rule->id() + " answered the call");
  if (taken.rule->runs()) run(instead);
  return instead;
}

template <typename Result>
Result DoubleService::Doubled(CallContext& context, mockpb::Call kind,
                              const std::function<Result()>& run) const {
  const DoubledCall call(NamespaceOf(context.space), context, kind);
  DoubledStatement taken = call.Take();
  const auto ended = [&](const Status& status) {
    if (context.cut) {
      taken.SetOutcome(mockpb::CUT);
    } else {
      taken.SetOutcome(taken.replaced ? Status() : status);
    }
    if (context.cut || !ActsOnBody(context, taken)) return call.Add(taken);
    context.body = std::make_shared<CallBody>(call, std::move(taken));
  };
  if (Status refusal = call.CheckCall(taken); !refusal.ok()) {
    ended(refusal);
    return refusal;
  }
  if (taken.rule) {
    const Status instead =
        BeforeAnswer(call, taken, /*has_statements=*/false, [&](const Status&) { (void)run(); });
    if (!instead.ok()) {
      ended(instead);
      return instead;
    }
  }
  Result result = run();
  ended(result.status());
  return result;
}

Status DoubleService::DoubledStatus(CallContext& context, mockpb::Call kind,
                                    const std::function<Status()>& run) const {
  const auto result = [&]() -> StatusOr<bool> {
    if (Status status = run(); !status.ok()) return status;
    return true;
  };
  return Doubled<StatusOr<bool>>(context, kind, result).status();
}

DoubleService::Admission DoubleService::Admitted(CallContext& context, mockpb::Call kind,
                                                 std::string_view text,
                                                 const pb::TqlOptions* options,
                                                 const DoubledCall::UnknownKeys& unknown_keys,
                                                 const std::function<Admission()>& admit) {
  // A refused call is recorded with its text, which the admission takes.
  const std::string begin(text.substr(0, Record::kMostText));
  auto set_options =
      options != nullptr ? std::make_shared<const pb::TqlOptions>(*options) : nullptr;
  const Status session = ServiceWrapper::Authenticate(context);
  DoubledCall call(NamespaceOf(context.space), context, kind, std::move(set_options), &patterns_);
  const auto refuse = [&](DoubledStatement refused, const Status& status) {
    if (context.cut) {
      refused.SetOutcome(mockpb::CUT, status.message());
    } else {
      refused.SetOutcome(status);
    }
    call.Add(refused);
    return status;
  };
  if (!session.ok()) return refuse(call.Refused(begin), session);
  if (Status status = call.CheckRequest(unknown_keys); !status.ok()) {
    return refuse(call.Refused(begin), status);
  }
  Admission admitted = admit();
  if (!admitted.ok()) return refuse(call.Refused(begin), admitted.status());
  const auto first = (*admitted)->First();
  DoubledStatement taken = first ? call.Take(*first) : call.Take();
  if (taken.rule) {
    const Status instead =
        BeforeAnswer(call, taken, /*has_statements=*/true, [&](const Status& status) {
          service::DiscardingSink discarding;
          DoubledStatement lost{
              .index = taken.index, .record = std::move(taken.record), .began = taken.began};
          lost.instead = status;
          DoubleSink doubled(discarding, call, std::move(lost));
          doubled.Close((*admitted)->Run(doubled));
        });
    if (!instead.ok()) return refuse(std::move(taken), instead);
  }
  return std::unique_ptr<AdmittedCall>(
      std::make_unique<AdmittedDouble>(std::move(call), *std::move(admitted), std::move(taken)));
}

StatusOr<service::LoginResult> DoubleService::Login(CallContext& context,
                                                    const pb::LoginRequest& request) {
  const std::string space(sessions_.Resolve(request.username(), context.space).space);
  const std::string_view before = std::exchange(context.space, space);
  StatusOr<service::LoginResult> login = Doubled<StatusOr<service::LoginResult>>(
      context, mockpb::LOGIN, [&] { return ServiceWrapper::Login(context, request); });
  if (!context.session) context.space = before;
  return login;
}

void DoubleService::Logout(CallContext& context) {
  (void)ServiceWrapper::Authenticate(context);  // for the namespace and the journal
  (void)DoubledStatus(context, mockpb::LOGOUT, [&] {
    ServiceWrapper::Logout(context);
    return Status();
  });
}

DoubleService::Admission DoubleService::Query(CallContext& context,
                                              pb::ExecuteQueryRequest request) {
  const pb::TqlOptions* const options = request.has_options() ? &request.options() : nullptr;
  return Admitted(context, mockpb::QUERY, request.query().statement(), options,
                  UnknownKeysOf(context, request),
                  [&] { return ServiceWrapper::Query(context, std::move(request)); });
}

DoubleService::Admission DoubleService::RunScript(CallContext& context,
                                                  pb::ExecuteSqlScriptRequest request) {
  const pb::TqlOptions* const options = request.has_options() ? &request.options() : nullptr;
  return Admitted(context, mockpb::SCRIPT, request.script(), options,
                  UnknownKeysOf(context, request),
                  [&] { return ServiceWrapper::RunScript(context, std::move(request)); });
}

StatusOr<service::TokenList> DoubleService::Tokens(CallContext& context,
                                                   const pb::GetTokensRequest& request) {
  (void)ServiceWrapper::Authenticate(context);
  return Doubled<StatusOr<service::TokenList>>(
      context, mockpb::TOKENS, [&] { return ServiceWrapper::Tokens(context, request); });
}

StatusOr<std::int64_t> DoubleService::SchemaVersion(CallContext& context) {
  (void)ServiceWrapper::Authenticate(context);
  return Doubled<StatusOr<std::int64_t>>(context, mockpb::SCHEMA_VERSION,
                                         [&] { return ServiceWrapper::SchemaVersion(context); });
}

Status DoubleService::Other(CallContext& context) {
  if (context.protocol == service::Protocol::kHttp && IsControlPath(context.target)) {
    return ServiceWrapper::Other(context);
  }
  return DoubledStatus(context, mockpb::OTHER, [&] { return ServiceWrapper::Other(context); });
}

Status DoubleService::Serve(CallContext& context, service::Neighbor service,
                            const std::function<Status()>& answer) {
  const NeighborCall neighbor = CallOf(service);
  if (neighbor.needs_session) (void)ServiceWrapper::Authenticate(context);
  return DoubledStatus(context, neighbor.call,
                       [&] { return ServiceWrapper::Serve(context, service, answer); });
}

void DoubleService::Answered(const CallContext& context, const Status& status) {
  ServiceWrapper::Answered(context, status);
  if (context.protocol == service::Protocol::kHttp && IsControlPath(context.target)) return;
  CallContext copy = context;
  const DoubledCall call(NamespaceOf(context.space), copy, mockpb::OTHER);
  DoubledStatement answered = call.Refused("");
  answered.SetOutcome(status);
  call.Add(answered);
}

}  // namespace tql::testdouble
