#include "mockserver/service/tql_service.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <utility>

#include "mockserver/dialect/keywords.h"
#include "mockserver/service/options.h"
#include "mockserver/service/statement_runner.h"

namespace tql::service {
namespace {

/// The message, with messages under the names of the contract instead of those that the project
/// compiles them under.
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
                     "the script is no ExecuteSqlScriptRequest in protobuf text format: line " +
                         std::to_string(place.line) + ", column " + std::to_string(place.column) +
                         ": " + WithPublicNames(message),
                     place);
  }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

/// A PROTO_SCRIPT: an ExecuteSqlScriptRequest in protobuf text format, whose `script` is TQL. What
/// it sets of options and context goes before what the request around it sets.
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

/// What was cut off by the end of the server must not pass for a whole answer.
Status Finish(ResponseSink& sink, const storage::Cancellation& cancellation) {
  if (cancellation.stop.stop_requested()) return UnavailableError("the server is stopping");
  sink.Finish();
  return Status();
}

}  // namespace

Status CheckPrivilege(const Session& session) {
  if (session.user->can_manage_data) return Status();
  return PermissionDeniedError(
      "User does not have required privileges. Please contact your administrator.");
}

TqlService::TqlService(std::unique_ptr<engine::Engine> engine, SessionStore& sessions,
                       Options options)
    : engine_(std::move(engine)), sessions_(sessions), options_(options) {
  for (const std::string_view token : dialect::StaticTokens()) static_tokens_.emplace_back(token);
}

Status TqlService::Query(const Session& session, const pb::ExecuteQueryRequest& request,
                         ResponseSink& sink, const storage::Cancellation& cancellation) {
  if (Status status = CheckPrivilege(session); !status.ok()) return status;
  if (!request.query().has_statement()) {
    return InvalidArgumentError("the request has no statement: found nothing in query.statement");
  }
  engine::StatementOptions options = ToStatementOptions(request.options());
  for (const pb::InteractiveQueryAnswer& answer : request.query().prompt_responses()) {
    options.answers.push_back({answer.question_id(), answer.answer()});
  }
  StatementRunner runner(*engine_, sink, cancellation,
                         {.options = std::move(options),
                          .context = ToContext(request.context()),
                          .script = false,
                          .go_on = request.options().adv_options().continue_execution_on_error(),
                          .statement_timeout = options_.statement_timeout});
  if (Status status = runner.RunAll(request.query().statement()); !status.ok()) return status;
  return Finish(sink, cancellation);
}

Status TqlService::RunScript(const Session& session, const pb::ExecuteSqlScriptRequest& request,
                             ResponseSink& sink, const storage::Cancellation& cancellation) {
  if (Status status = CheckPrivilege(session); !status.ok()) return status;
  if (request.script_type() == pb::ExecuteSqlScriptRequest::PROTO_SCRIPT) {
    const StatusOr<pb::ExecuteSqlScriptRequest> unwrapped = UnwrapProtoScript(request);
    if (!unwrapped.ok()) return unwrapped.status();
    return RunScript(session, *unwrapped, sink, cancellation);
  }
  if (!request.has_script()) {
    return InvalidArgumentError("the request has no statement: found nothing in script");
  }
  engine::StatementOptions options = ToStatementOptions(request.options());
  options.interactive = false;
  StatementRunner runner(*engine_, sink, cancellation,
                         {.options = std::move(options),
                          .context = ToContext(request.context()),
                          .script = true,
                          .go_on = request.options().adv_options().continue_execution_on_error(),
                          .statement_timeout = options_.statement_timeout});
  if (Status status = runner.RunAll(request.script()); !status.ok()) return status;
  return Finish(sink, cancellation);
}

void TqlService::VisitDynamicTokens(const std::function<bool(std::string_view)>& visit) const {
  engine_->VisitNames(visit);
}

std::int64_t TqlService::SchemaVersion() const { return engine_->SchemaVersion(); }

}  // namespace tql::service
