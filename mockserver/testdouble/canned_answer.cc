#include "mockserver/testdouble/canned_answer.h"

#include <string>
#include <utility>
#include <vector>

#include "mockserver/engine/errors.h"
#include "tql/wire/messages.h"

namespace tql::testdouble {
namespace {

using Answer = mockpb::Action::Answer;
using Result = pb::ExecuteQueryResponse::Result;
using Header = Result::TableResult::ColumnHeader;

values::TypeKind KindOf(Header::Type type) {
  switch (type) {
    case Header::BOOL:
      return values::TypeKind::kBool;
    case Header::INT:
      return values::TypeKind::kInt;
    case Header::BIGINT:
      return values::TypeKind::kBigInt;
    case Header::FLOAT:
      return values::TypeKind::kFloat;
    case Header::DOUBLE:
      return values::TypeKind::kDouble;
    case Header::DATE:
      return values::TypeKind::kDate;
    case Header::DATETIME:
      return values::TypeKind::kDateTime;
    case Header::TIME:
      return values::TypeKind::kTime;
    case Header::UNKNOWN:
    case Header::VARCHAR:
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

bool WriteProgress(const Result& result, engine::StatementSink& sink) {
  std::vector<engine::Progress> stages;
  for (const Result::Progress& stage : result.progress()) {
    stages.push_back({.id = stage.id(),
                      .label = stage.label(),
                      .percentage = stage.percentage(),
                      .details = stage.details()});
  }
  return stages.empty() || sink.OnProgress(stages);
}

bool WriteTable(const Result::TableResult& table, engine::StatementSink& sink) {
  std::vector<engine::Column> columns;
  for (const Header& header : table.headers()) {
    columns.push_back({.name = header.name(), .type = {.kind = KindOf(header.type())}});
  }
  if (!columns.empty() && !sink.Header(columns)) return false;
  for (const Result::TableResult::Row& row : table.rows()) {
    const std::vector<std::string_view> cells(row.v().begin(), row.v().end());
    if (!sink.Row(cells)) return false;
  }
  return true;
}

}  // namespace

Answer SuccessAnswer() {
  Answer answer;
  Result& result = *answer.add_result();
  Result::OutMessage& message = *result.add_message();
  message.set_type(Result::OutMessage::INFO);
  message.set_value(engine::errors::SuccessText());
  result.set_complete(true);
  return answer;
}

Answer ErrorAnswer(std::string_view message) {
  Answer answer;
  answer.set_error(std::string(message));
  return answer;
}

bool WriteAnswer(const Answer& answer, const engine::Context& context,
                 engine::StatementSink& sink) {
  bool begun = false;
  const auto begin = [&](const Result* result) {
    if (std::exchange(begun, true)) return true;
    if (result == nullptr || !result->has_final_context()) return sink.Begin(context);
    engine::Context own = context;
    own.database = result->final_context().database();
    if (result->final_context().has_schema()) own.schema = result->final_context().schema();
    if (result->final_context().has_server_schema_version()) {
      own.server_schema_version = result->final_context().server_schema_version();
    }
    return sink.Begin(own);
  };
  for (const Result& result : answer.result()) {
    if (!WriteProgress(result, sink)) return false;
    for (const pb::InteractiveQueryQuestion& question : result.interactive_question()) {
      if (!sink.OnQuestion({.id = question.question_id(),
                            .banner = question.banner(),
                            .prompt = question.prompt(),
                            .options = {question.options().begin(), question.options().end()}})) {
        return false;
      }
    }
    const bool has_output = result.has_table() || result.message_size() > 0;
    if ((has_output || result.has_final_context()) && !begin(&result)) return false;
    if (result.has_table() && !WriteTable(result.table(), sink)) return false;
    for (const Result::OutMessage& message : result.message()) {
      if (!sink.Message(TypeOf(message.type()), message.value())) return false;
    }
  }
  if (answer.error().empty()) return true;
  return begin(nullptr) && sink.Message(engine::MessageType::kError, answer.error());
}

bool IsComplete(const Answer& answer) {
  if (answer.result_size() == 0) return true;
  return !answer.error().empty() || answer.result(answer.result_size() - 1).complete();
}

}  // namespace tql::testdouble
