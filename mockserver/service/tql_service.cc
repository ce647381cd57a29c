#include "mockserver/service/tql_service.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "mockserver/dialect/keywords.h"
#include "mockserver/service/options.h"
#include "mockserver/service/proto_script.h"
#include "mockserver/service/statement_runner.h"
#include "proto/base/utf8.h"
#include "tql/wire/message_utf8.h"

namespace tql::service {
namespace {

bool IsValidText(const std::string& text) { return base::ValidUtf8Prefix(text) == text.size(); }

bool HasValidTexts(const pb::TqlOptions& options) {
  bool valid = true;
  const auto check = [&](const auto& value) {
    if constexpr (std::is_same_v<decltype(value), const std::string&>) {
      valid = valid && IsValidText(value);
    }
  };
#define REQUEST_OPTION(name, field, ...) check(options.field);
#include "proto/base/request_options.inc"
#undef REQUEST_OPTION
  return valid;
}

/// Without reflection, which takes microseconds.
bool HasValidTexts(const pb::ExecuteQueryRequest& request) {
  return IsValidText(request.query().statement()) && IsValidText(request.context().database()) &&
         IsValidText(request.context().schema()) && HasValidTexts(request.options()) &&
         std::ranges::all_of(request.query().prompt_responses(), [](const auto& answer) {
           return IsValidText(answer.question_id()) && IsValidText(answer.answer());
         });
}

Status CheckTexts(const google::protobuf::Message& request) {
  const auto* const query = dynamic_cast<const pb::ExecuteQueryRequest*>(&request);
  if (query != nullptr ? HasValidTexts(*query) : HasValidUtf8(request)) return Status();
  return InvalidArgumentError("the request has a text that is not valid UTF-8");
}

Status CheckPrivilege(const Session& session) {
  if (session.user->can_manage_data) return Status();
  return PermissionDeniedError(
      "User does not have required privileges. Please contact your administrator.");
}

/// The statements of a query or a script.
class AdmittedStatements : public AdmittedCall {
 public:
  AdmittedStatements(std::shared_ptr<space::Namespace> space, std::stop_token server_stop,
                     const engine::Clock& clock, std::string text,
                     storage::Cancellation cancellation, StatementRunner::Settings settings)
      : space_(std::move(space)),
        server_stop_(std::move(server_stop)),
        runner_(space_->engine(), clock, std::move(text), std::move(cancellation),
                std::move(settings)) {}

  Status Admit() {
    if (Status status = runner_.Admit(); !status.ok()) return status;
    return CheckRunning();
  }

  std::optional<ResponseSink::PendingStatement> First() const override { return runner_.First(); }

  Status Run(ResponseSink& sink) override {
    (void)runner_.Run(sink);  // errors of statements are answers
    if (Status status = CheckRunning(); !status.ok()) return status;
    sink.Finish();
    return Status();
  }

 private:
  /// An answer that a stop cut off must not look complete.
  Status CheckRunning() const {
    if (server_stop_.stop_requested()) return UnavailableError("the server is stopping");
    if (!space_->stop().stop_requested()) return Status();
    return CancelledError("the namespace \"" + space_->name() + "\" was replaced or removed");
  }

  const std::shared_ptr<space::Namespace> space_;
  const std::stop_token server_stop_;
  StatementRunner runner_;
};

}  // namespace

TqlService::TqlService(const space::Namespaces& namespaces, SessionStore& sessions,
                       const engine::Clock& clock, Options options)
    : namespaces_(namespaces), sessions_(sessions), clock_(clock), options_(std::move(options)) {
  sessions_.UseEnvironments([&namespaces](std::string_view space) {
    const std::shared_ptr<space::Namespace> found = namespaces.Peek(space);
    return found ? found->environment() : nullptr;
  });
}

Status TqlService::Authenticate(CallContext& context) {
  if (context.session) return Status();
  StatusOr<Session> session = sessions_.Authenticate(context.token);
  if (!session.ok()) return session.status();
  context.session = *std::move(session);
  context.space = *context.session->space;
  return Status();
}

StatusOr<TqlService::NamespacePtr> TqlService::NamespaceOf(const CallContext& context) const {
  NamespacePtr space = namespaces_.Find(*context.session->space);
  if (!space) return UnknownNamespaceError(*context.session->space);
  return space;
}

StatusOr<TqlService::NamespacePtr> TqlService::Enter(CallContext& context,
                                                     const google::protobuf::Message& request) {
  if (Status status = Authenticate(context); !status.ok()) return status;
  if (Status status = CheckTexts(request); !status.ok()) return status;
  if (Status status = CheckPrivilege(*context.session); !status.ok()) return status;
  return NamespaceOf(context);
}

StatusOr<LoginResult> TqlService::Login(CallContext& context, const pb::LoginRequest& request) {
  if (Status status = CheckTexts(request); !status.ok()) return status;
  const auto [user, space] = sessions_.Resolve(request.username(), context.space);
  (void)namespaces_.Find(space);  // counts as a call to it
  auto login = sessions_.Login(user, request.password(), context.peer, space);
  if (!login.ok()) return login.status();
  context.session = login->session;
  context.space = *context.session->space;
  return LoginResult{std::move(login->token), std::move(login->session)};
}

void TqlService::Logout(CallContext& context) { sessions_.Logout(context.token); }

StatusOr<std::unique_ptr<AdmittedCall>> TqlService::Admit(
    const CallContext& context, NamespacePtr space, std::string text,
    StatementRunner::Settings settings) const {
  storage::Cancellation cancellation{
      .stop = space->stop(), .deadline = context.deadline, .client_gone = context.client_gone};
  settings.statement_timeout = space->settings().statement_timeout;
  settings.was_cut = context.was_cut;
  auto call =
      std::make_unique<AdmittedStatements>(std::move(space), options_.stop, clock_, std::move(text),
                                           std::move(cancellation), std::move(settings));
  if (Status status = call->Admit(); !status.ok()) return status;
  return std::unique_ptr<AdmittedCall>(std::move(call));
}

StatusOr<std::unique_ptr<AdmittedCall>> TqlService::Query(CallContext& context,
                                                          pb::ExecuteQueryRequest request) {
  StatusOr<NamespacePtr> space = Enter(context, request);
  if (!space.ok()) return space.status();
  if (!request.query().has_statement()) {
    return InvalidArgumentError("the request has no statement: found nothing in query.statement");
  }
  engine::StatementOptions options = ToStatementOptions(request.options());
  for (const pb::InteractiveQueryAnswer& answer : request.query().prompt_responses()) {
    options.answers.push_back({answer.question_id(), answer.answer()});
  }
  return Admit(context, *std::move(space), std::move(*request.mutable_query()->mutable_statement()),
               {.options = std::move(options),
                .context = ToContext(request.context()),
                .script = false,
                .go_on = request.options().adv_options().continue_execution_on_error()});
}

StatusOr<std::unique_ptr<AdmittedCall>> TqlService::RunScript(CallContext& context,
                                                              pb::ExecuteSqlScriptRequest request) {
  StatusOr<NamespacePtr> space = Enter(context, request);
  if (!space.ok()) return space.status();
  if (request.script_type() != pb::ExecuteSqlScriptRequest::PROTO_SCRIPT) {
    return AdmitScript(context, *std::move(space), std::move(request));
  }
  StatusOr<pb::ExecuteSqlScriptRequest> unwrapped = UnwrapProtoScript(request);
  if (!unwrapped.ok()) return unwrapped.status();
  return AdmitScript(context, *std::move(space), *std::move(unwrapped));
}

StatusOr<std::unique_ptr<AdmittedCall>> TqlService::AdmitScript(
    const CallContext& context, NamespacePtr space, pb::ExecuteSqlScriptRequest request) {
  if (!request.has_script()) {
    return InvalidArgumentError("the request has no statement: found nothing in script");
  }
  engine::StatementOptions options = ToStatementOptions(request.options());
  options.interactive = false;
  return Admit(context, std::move(space), std::move(*request.mutable_script()),
               {.options = std::move(options),
                .context = ToContext(request.context()),
                .script = true,
                .go_on = request.options().adv_options().continue_execution_on_error()});
}

StatusOr<TokenList> TqlService::Tokens(CallContext& context, const pb::GetTokensRequest& request) {
  const StatusOr<NamespacePtr> space = Enter(context, request);
  if (!space.ok()) return space.status();
  TokenList list;
  if (request.kind() == pb::GetTokensRequest::STATIC) {
    const auto words = dialect::StaticTokens();
    list.tokens.assign(words.begin(), words.end());
    return list;
  }
  list.schema_version = (*space)->engine().SchemaVersion();
  list.tokens = (*space)->engine().Names();
  return list;
}

StatusOr<std::int64_t> TqlService::SchemaVersion(CallContext& context) {
  if (Status status = Authenticate(context); !status.ok()) return status;
  const StatusOr<NamespacePtr> space = NamespaceOf(context);
  if (!space.ok()) return space.status();
  return (*space)->engine().SchemaVersion();
}

}  // namespace tql::service
