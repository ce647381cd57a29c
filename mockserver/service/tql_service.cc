#include "mockserver/service/tql_service.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <utility>

#include "mockserver/dialect/keywords.h"
#include "mockserver/service/options.h"
#include "mockserver/service/statement_runner.h"
#include "proto/base/utf8.h"
#include "tql/wire/message_utf8.h"

namespace tql::service {
namespace {

/// Replaces the compiled names of protobuf messages in the text by their public names.
std::string WithPublicNames(std::string text) {
  const std::string compiled = pb::ExecuteSqlScriptRequest::descriptor()->file()->package() + ".";
  for (std::size_t at = text.find(compiled); at != text.npos; at = text.find(compiled, at)) {
    text.replace(at, compiled.size(), "tql.v1.");
  }
  return text;
}

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (!status_.ok()) return;
    TextPlace place;
    place.line = static_cast<std::uint32_t>(line + 1);
    place.column = static_cast<std::uint32_t>(column + 1);
    status_ = Status(StatusCode::kInvalidArgument,
                     "the script is not an ExecuteSqlScriptRequest in protobuf text format: line " +
                         std::to_string(place.line) + ", column " + std::to_string(place.column) +
                         ": " + WithPublicNames(message),
                     place);
  }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

/// Parses a PROTO_SCRIPT: an ExecuteSqlScriptRequest in protobuf text format, whose `script` is
/// TQL. Its options and context take precedence over those of the outer request.
StatusOr<pb::ExecuteSqlScriptRequest> UnwrapProtoScript(const pb::ExecuteSqlScriptRequest& outer) {
  pb::ExecuteSqlScriptRequest inner;
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.SetRecursionLimit(32);
  if (!parser.ParseFromString(outer.script(), &inner)) return errors.status();
  pb::ExecuteSqlScriptRequest merged = outer;
  merged.clear_script();
  merged.MergeFrom(inner);
  merged.set_script_type(pb::ExecuteSqlScriptRequest::TQL_SCRIPT);
  return merged;
}

Status CheckTexts(const google::protobuf::Message& request) {
  if (HasValidUtf8(request)) return Status();
  return InvalidArgumentError("the request has a text that is not valid UTF-8");
}

Status CheckPrivilege(const Session& session) {
  if (session.user->can_manage_data) return Status();
  return PermissionDeniedError(
      "User does not have required privileges. Please contact your administrator.");
}

constexpr std::size_t kQuotedName = 100;

Status UnknownNamespace(std::string_view name) {
  return UnauthenticatedError("unknown namespace \"" + base::Excerpt(name, kQuotedName) + '"');
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
    : namespaces_(namespaces), sessions_(sessions), clock_(clock), options_(std::move(options)) {}

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
  if (!space) return UnknownNamespace(*context.session->space);
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
  auto login = sessions_.Login(user, request.password(), context.peer, space);
  if (!login.ok()) return login.status();
  if (!namespaces_.Find(space)) {  // revealed only to clients with a valid password
    sessions_.Logout(login->token);
    return UnknownNamespace(space);
  }
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
