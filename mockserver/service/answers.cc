#include "mockserver/service/answers.h"

#include <string>

namespace tql::service {
namespace {

using Result = pb::ExecuteQueryResponse::Result;
using Header = Result::TableResult::ColumnHeader;

}  // namespace

Header::Type TypeOf(values::TypeKind kind) {
  switch (kind) {
    case values::TypeKind::kBool:
      return Header::BOOL;
    case values::TypeKind::kInt:
      return Header::INT;
    case values::TypeKind::kBigInt:
      return Header::BIGINT;
    case values::TypeKind::kFloat:
      return Header::FLOAT;
    case values::TypeKind::kDouble:
      return Header::DOUBLE;
    case values::TypeKind::kDate:
      return Header::DATE;
    case values::TypeKind::kDateTime:
      return Header::DATETIME;
    case values::TypeKind::kTime:
      return Header::TIME;
    case values::TypeKind::kNull:  // a bare NULL is printed as a text
    case values::TypeKind::kVarchar:
      return Header::VARCHAR;
  }
  return Header::UNKNOWN;
}

pb::QueryContext ToMessage(const engine::Context& context) {
  pb::QueryContext message;
  message.set_schema(context.schema);
  message.set_database(context.database);
  message.set_server_schema_version(context.server_schema_version);
  return message;
}

pb::InteractiveQueryQuestion ToMessage(const engine::Question& question) {
  pb::InteractiveQueryQuestion message;
  message.set_question_id(question.id);
  message.set_banner(question.banner);
  message.set_prompt(question.prompt);
  for (const std::string& option : question.options) message.add_options(option);
  return message;
}

Result::Progress ToMessage(const engine::Progress& stage) {
  Result::Progress message;
  message.set_id(stage.id);
  message.set_label(stage.label);
  message.set_percentage(stage.percentage);
  message.set_details(stage.details);
  return message;
}

Result::TableResult HeadersOf(std::span<const engine::Column> columns) {
  Result::TableResult table;
  for (const engine::Column& column : columns) {
    Header* const header = table.add_headers();
    header->set_name(column.name);
    header->set_type(TypeOf(column.type.kind));
  }
  return table;
}

Result::OutMessage::Type TypeOf(engine::MessageType type) {
  switch (type) {
    case engine::MessageType::kInfo:
      return Result::OutMessage::INFO;
    case engine::MessageType::kWarning:
      return Result::OutMessage::WARNING;
    case engine::MessageType::kError:
      return Result::OutMessage::ERROR;
  }
  return Result::OutMessage::ERROR;
}

}  // namespace tql::service
