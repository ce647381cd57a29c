#include "mockserver/service/result_writer.h"

#include <string>

namespace tql::service {
namespace {

using Result = pb::ExecuteQueryResponse::Result;
using ColumnHeader = Result::TableResult::ColumnHeader;

values::TypeKind KindOf(ColumnHeader::Type type) {
  switch (type) {
    case ColumnHeader::BOOL:
      return values::TypeKind::kBool;
    case ColumnHeader::INT:
      return values::TypeKind::kInt;
    case ColumnHeader::BIGINT:
      return values::TypeKind::kBigInt;
    case ColumnHeader::FLOAT:
      return values::TypeKind::kFloat;
    case ColumnHeader::DOUBLE:
      return values::TypeKind::kDouble;
    case ColumnHeader::DATE:
      return values::TypeKind::kDate;
    case ColumnHeader::DATETIME:
      return values::TypeKind::kDateTime;
    case ColumnHeader::TIME:
      return values::TypeKind::kTime;
    case ColumnHeader::UNKNOWN:
    case ColumnHeader::VARCHAR:
      break;
  }
  return values::TypeKind::kVarchar;
}

engine::MessageType TypeOf(Result::OutMessage::Type type) {
  switch (type) {
    case Result::OutMessage::WARNING:
      return engine::MessageType::kWarning;
    case Result::OutMessage::ERROR:
      return engine::MessageType::kError;
    case Result::OutMessage::INFO:
      break;
  }
  return engine::MessageType::kInfo;
}

}  // namespace

bool ResultWriter::Begin() {
  if (begun_) return true;
  begun_ = true;
  return sink_.Begin(context_);
}

bool ResultWriter::WriteProgress(const Result& part) {
  if (begun_) return true;
  std::vector<engine::Progress> stages;
  for (const Result::Progress& stage : part.progress()) {
    stages.push_back({.id = stage.id(),
                      .label = stage.label(),
                      .percentage = stage.percentage(),
                      .details = stage.details()});
  }
  return stages.empty() || sink_.OnProgress(stages);
}

bool ResultWriter::WriteTable(const Result::TableResult& table) {
  if (has_message_) return true;
  if (table.headers_size() > 0 && !has_header_) {
    std::vector<engine::Column> columns;
    for (const ColumnHeader& header : table.headers()) {
      columns.push_back({.name = header.name(), .type = {.kind = KindOf(header.type())}});
    }
    has_header_ = true;
    if (!sink_.Header(columns)) return false;
  }
  for (const Result::TableResult::Row& row : table.rows()) {
    cells_.assign(row.v().begin(), row.v().end());
    for (std::string_view& cell : cells_) {
      if (has_null_ && cell == null_.first) cell = null_.second;
    }
    if (!sink_.Row(cells_)) return false;
  }
  return true;
}

bool ResultWriter::Write(const Result& part) {
  if (!WriteProgress(part)) return false;
  for (const pb::InteractiveQueryQuestion& question : part.interactive_question()) {
    if (begun_) continue;
    asked_ = true;
    if (!sink_.OnQuestion({.id = question.question_id(),
                           .banner = question.banner(),
                           .prompt = question.prompt(),
                           .options = {question.options().begin(), question.options().end()}})) {
      return false;
    }
  }
  if (part.has_final_context()) {
    const pb::QueryContext& context = part.final_context();
    context_.database = context.database();
    if (context.has_schema()) context_.schema = context.schema();
    if (context.has_server_schema_version()) {
      context_.server_schema_version = context.server_schema_version();
    }
  }
  const bool has_output = part.has_table() || part.message_size() > 0;
  if ((has_output || part.has_final_context()) && !Begin()) return false;
  if (part.has_table() && !WriteTable(part.table())) return false;
  for (const Result::OutMessage& message : part.message()) {
    has_message_ = true;
    if (!sink_.Message(TypeOf(message.type()), message.value())) return false;
  }
  return true;
}

bool ResultWriter::WriteError(std::string_view text) {
  has_message_ = true;
  return Begin() && sink_.Message(engine::MessageType::kError, text);
}

}  // namespace tql::service
