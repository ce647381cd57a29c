#include "mockserver/engine/executor.h"

#include "mockserver/engine/errors.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {
namespace {

/// Separators stand in every line: a longer one would make an answer out of proportion.
constexpr std::size_t kMostSeparatorBytes = 256;

}  // namespace

Status Executor::Run() {
  const Status status = errors::InScript(
      errors::Placed(
          std::visit([this](const auto& node) { return Execute(node); }, request_.statement.node),
          request_.text),
      request_.origin);
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
  if (!request_.options.format_output) return WriteRows(table);
  TQL_RETURN_IF_ERROR(CheckSeparators());
  if (!Begin(request_.context)) return errors::ClientGone();
  const FormatOptions& format = request_.options.format;
  bool open = true;
  table.VisitLines({format.field_separator, format.row_separator}, [&](std::string_view line) {
    return open = sink_.Message(MessageType::kInfo, line);
  });
  return open ? Finish() : errors::ClientGone();
}

Status Executor::WriteRows(const TextTable& table) {
  std::vector<Column> columns;
  for (const std::string& name : table.header()) {
    columns.push_back({name, {.kind = values::TypeKind::kVarchar}});
  }
  if (!Begin(request_.context) || !sink_.Header(columns)) return errors::ClientGone();
  for (const std::vector<std::string>& row : table.rows()) {
    const std::vector<std::string_view> cells(row.begin(), row.end());
    if (!sink_.Row(cells)) return errors::ClientGone();
  }
  return Finish();
}

Status Executor::CheckSeparators() const {
  const FormatOptions& format = request_.options.format;
  for (const std::string_view separator :
       {std::string_view(format.field_separator), std::string_view(format.row_separator)}) {
    if (separator.size() > kMostSeparatorBytes) {
      return errors::SeparatorTooLong(kMostSeparatorBytes);
    }
  }
  return Status();
}

StatusOr<bool> Executor::MayBreak(const std::vector<Dependent>& dependents,
                                  TransactionPtr& transaction) {
  const StatementOptions& options = request_.options;
  if (dependents.empty() || options.allow_unsafe) return true;
  if (!options.interactive) return errors::HasDependents(dependents);
  const Question question = BreakDependentsQuestion(request_.text, dependents);
  const Reply reply = ReplyTo(question.id, options.answers);
  if (reply == Reply::kYes) return true;
  transaction.reset();
  if (reply == Reply::kMissing) {
    if (!sink_.OnQuestion(question)) return errors::ClientGone();
    return false;
  }
  if (!Begin(request_.context) || !sink_.Message(MessageType::kInfo, errors::NothingDoneText())) {
    return errors::ClientGone();
  }
  return false;
}

}  // namespace tql::engine
