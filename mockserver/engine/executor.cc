#include "mockserver/engine/executor.h"

#include "mockserver/engine/errors.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {

Status Executor::Run() {
  const Status status =
      std::visit([this](const auto& node) { return Execute(node); }, request_.statement.node);
  const bool reads = request_.statement.kind() == dialect::StatementKind::kSelect;
  if (status.code() == StatusCode::kResourceExhausted && reads && !begun_ && request_.may_refuse) {
    return status;
  }
  if (!status.ok() && Begin(request_.context)) {
    sink_.Message(MessageType::kError, errors::FailedText(request_.statement.kind(), status));
  }
  sink_.End();
  return status;
}

Status Executor::At(const Status& reason, const dialect::SourceRange& range) const {
  return errors::At(reason, request_.text, range.begin);
}

Context Executor::Answered(const Context& context) const {
  Context answered = context;
  if (answered.schema.empty()) answered.schema = kDefaultSchema;
  answered.server_schema_version = catalog_.Read()->version();
  return answered;
}

bool Executor::Begin(const Context& context) {
  if (begun_) return true;
  begun_ = true;
  return sink_.Begin(Answered(context));
}

Status Executor::Finish() {
  if (!Begin(request_.context)) return errors::ClientGone();
  for (const std::string& warning : warnings_) {
    if (!sink_.Message(MessageType::kWarning, warning)) return errors::ClientGone();
  }
  if (!sink_.Message(MessageType::kInfo, errors::SuccessText())) return errors::ClientGone();
  return Status();
}

Status Executor::Print(const std::vector<std::string>& lines) {
  if (!Begin(request_.context)) return errors::ClientGone();
  for (const std::string& line : lines) {
    if (!sink_.Message(MessageType::kInfo, line)) return errors::ClientGone();
  }
  return Finish();
}

Status Executor::Print(const TextTable& table) {
  if (!Begin(request_.context)) return errors::ClientGone();
  bool open = true;
  table.VisitLines(
      [&](std::string_view line) { return open = sink_.Message(MessageType::kInfo, line); });
  return open ? Finish() : errors::ClientGone();
}

StatusOr<bool> Executor::MayBreak(const std::vector<Dependent>& dependents) {
  const StatementOptions& options = request_.options;
  if (dependents.empty() || options.allow_unsafe) return true;
  if (!options.interactive) return errors::HasDependents(dependents);
  const Question question = BreakDependentsQuestion(request_.text, dependents);
  switch (ReplyTo(question.id, options.answers)) {
    case Reply::kYes:
      return true;
    case Reply::kMissing:
      if (!sink_.OnQuestion(question)) return errors::ClientGone();
      return false;
    case Reply::kNo:
      break;
  }
  if (!Begin(request_.context) || !sink_.Message(MessageType::kInfo, errors::NothingDoneText())) {
    return errors::ClientGone();
  }
  return false;
}

}  // namespace tql::engine
