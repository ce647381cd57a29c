#include "mockserver/upstream/forwarding_call.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "mockserver/service/result_writer.h"
#include "mockserver/upstream/read_only.h"
#include "proto/base/request_options.h"

namespace tql::upstream {
namespace {

using testdouble::OptionValue;

void Assign(const std::string& text, std::optional<bool>& option) { option = text == "true"; }
void Assign(const std::string& text, std::optional<std::string>& option) { option = text; }
void Assign(const std::string& text, std::optional<std::int64_t>& option) {
  std::from_chars(text.data(), text.data() + text.size(), option.emplace());
}

StatementOptions ToStatementOptions(const std::vector<OptionValue>& values) {
  StatementOptions options;
  base::VisitMembers<StatementOptions>([&](const base::RequestOption& option, auto member) {
    const auto value = std::ranges::find(values, option.path(), &OptionValue::path);
    if (value != values.end()) Assign(value->value, options.*member);
  });
  return options;
}

}  // namespace

Status Explained(const Upstream& upstream, const Status& status) {
  const StatusCode code = status.needs_login() ? StatusCode::kFailedPrecondition : status.code();
  return Status(code, "no answer from " + upstream.name + ": " + status.message());
}

std::vector<Answer> AnswersOf(const pb::ExecuteQueryRequest& request) {
  std::vector<Answer> answers;
  for (const pb::InteractiveQueryAnswer& answer : request.query().prompt_responses()) {
    answers.push_back({answer.question_id(), answer.answer()});
  }
  return answers;
}

ForwardingCall::ForwardingCall(const Upstream& upstream, service::CallContext& context,
                               std::stop_token stop, mockpb::Call kind, std::string text,
                               const pb::TqlOptions& options, std::vector<Answer> answers)
    : upstream_(upstream),
      context_(context),
      stop_(std::move(stop)),
      kind_(kind),
      places_(std::move(text)),
      option_values_(testdouble::OptionsSet(options)),
      options_(ToStatementOptions(option_values_)),
      null_string_(options.formatting_options().null_string()),
      answers_(std::move(answers)) {}

bool ForwardingCall::MayForward(const PendingStatement& pending) const {
  return upstream_.allow_writes || OnlyReads(pending);
}

Forwarded ForwardingCall::RequestOf(std::string_view text, const engine::Context& context) {
  Forwarded request{.script = kind_ == mockpb::SCRIPT,
                    .text = places_.BlanksBefore(text) + std::string(text),
                    .context = context,
                    .options = options_,
                    .answers = answers_};
  if (context_.deadline != engine::MachineClock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(context_.deadline -
                                                                   engine::MachineClock::now());
    request.timeout = std::max(left, std::chrono::milliseconds(1));
  }
  return request;
}

StatusOr<std::optional<ForwardedStatement::Result>> ForwardingCall::Next(
    ForwardedStatement& statement) const {
  if (statement.ready() || !context_.run_waiting) return statement.Next(context_.client_gone);
  StatusOr<std::optional<ForwardedStatement::Result>> next = UnavailableError("not waited");
  context_.run_waiting([&] { next = statement.Next(context_.client_gone); });
  return next;
}

void ReplaceNull(const std::string& null_string, ForwardedStatement::Result& part) {
  const std::string& marker = NullMarker();
  for (auto& message : *part.mutable_message()) {
    std::string& text = *message.mutable_value();
    for (std::size_t at = text.find(marker); at != std::string::npos;
         at = text.find(marker, at + null_string.size())) {
      text.replace(at, marker.size(), null_string);
    }
  }
}

service::ResponseSink::Answered RefuseStatement(
    const ForwardingCall& call, const service::ResponseSink::PendingStatement& pending,
    service::ResponseSink& sink) {
  const std::string text = "The statement may change data of " + call.upstream().name +
                           ". tqlmockd forwards only SELECT, SHOW, SCRIPT and USE, unless it is "
                           "started with --allow-writes.\n";
  engine::StatementSink& answer = sink.BeginStatement(pending.info);
  service::ResultWriter(answer, pending.context).WriteError(text);
  answer.End();
  return {.status = PermissionDeniedError(text)};
}

}  // namespace tql::upstream
