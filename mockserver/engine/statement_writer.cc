#include "mockserver/engine/statement_writer.h"

#include "mockserver/engine/errors.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

/// Every line repeats the separators, so long ones would multiply the size of the result.
constexpr std::size_t kMaxSeparatorBytes = 256;

Status Sent(bool accepted) { return accepted ? Status() : errors::ClientGone(); }

}  // namespace

Context CompleteContext(const Context& context, const Catalog& catalog) {
  Context complete = context;
  if (complete.schema.empty()) complete.schema = kDefaultSchema;
  complete.server_schema_version = catalog.Read()->version();
  return complete;
}

Status StatementWriter::WriteProgress(const Progress& stage) {
  return Sent(sink_.OnProgress({&stage, 1}));
}

Status StatementWriter::Ask(const Question& question) { return Sent(sink_.OnQuestion(question)); }

Status StatementWriter::Begin(const Context& final_context) {
  if (begun_) return Status();
  begun_ = true;  // Even if the sink refuses, Begin() may not be called twice.
  return Sent(sink_.Begin(CompleteContext(final_context, catalog_)));
}

Status StatementWriter::WriteHeader(std::span<const Column> columns) {
  TQL_RETURN_IF_ERROR(Begin(request_.context));
  return Sent(sink_.Header(columns));
}

Status StatementWriter::WriteRow(std::span<const std::string_view> cells) {
  return Sent(sink_.Row(cells));
}

Status StatementWriter::WriteRows(EncodedRows& rows) { return Sent(sink_.Rows(rows)); }

Status StatementWriter::WriteInfo(std::string_view text) {
  TQL_RETURN_IF_ERROR(Begin(request_.context));
  return Sent(sink_.Message(MessageType::kInfo, text));
}

Status StatementWriter::Finish() {
  TQL_RETURN_IF_ERROR(Begin(request_.context));
  for (const std::string& warning : warnings_) {
    TQL_RETURN_IF_ERROR(Sent(sink_.Message(MessageType::kWarning, warning)));
  }
  return WriteInfo(errors::SuccessText());
}

Status StatementWriter::Print(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) TQL_RETURN_IF_ERROR(WriteInfo(line));
  return Finish();
}

Status StatementWriter::Print(const TextTable& table) {
  if (!request_.options.format_output) return PrintAsRows(table);
  TQL_RETURN_IF_ERROR(CheckSeparators());
  const FormatOptions& format = request_.options.format;
  Status written;  // VisitLines() stops at the first error.
  table.VisitLines({format.field_separator, format.row_separator}, [&](std::string_view line) {
    written = WriteInfo(line);
    return written.ok();
  });
  TQL_RETURN_IF_ERROR(written);
  return Finish();
}

Status StatementWriter::PrintAsRows(const TextTable& table) {
  std::vector<Column> columns;
  for (const std::string& name : table.header()) {
    columns.push_back({name, {.kind = values::TypeKind::kVarchar}});
  }
  TQL_RETURN_IF_ERROR(WriteHeader(columns));
  for (const std::vector<std::string>& row : table.rows()) {
    const std::vector<std::string_view> cells(row.begin(), row.end());
    TQL_RETURN_IF_ERROR(WriteRow(cells));
  }
  return Finish();
}

Status StatementWriter::CheckSeparators() const {
  const FormatOptions& format = request_.options.format;
  for (const std::string_view separator :
       {std::string_view(format.field_separator), std::string_view(format.row_separator)}) {
    if (separator.size() > kMaxSeparatorBytes) return errors::SeparatorTooLong(kMaxSeparatorBytes);
  }
  return Status();
}

void StatementWriter::End(const Status& outcome) {
  if (!outcome.ok() && Begin(request_.context).ok()) {
    sink_.Message(MessageType::kError, errors::FailedText(request_.statement.kind(), outcome));
  }
  sink_.End();
}

}  // namespace tql::engine
