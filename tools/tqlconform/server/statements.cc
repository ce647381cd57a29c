#include "tools/tqlconform/server/statements.h"

#include "proto/base/text.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"

namespace tqlconform {
namespace {

namespace pb = tqlkit::v1;
using Result = pb::ExecuteQueryResponse::Result;

std::string Joined(const Result::TableResult::Row& row) {
  std::string joined;
  for (int i = 0; i < row.v_size(); ++i) {
    if (i > 0) joined += '|';
    joined += row.v(i);
  }
  return joined;
}

void Add(const Result& result, Statements* statements) {
  using Column = Result::TableResult::ColumnHeader;
  for (const Column& column : result.table().headers()) {
    statements->headers.push_back(column.name() + ' ' + Column::Type_Name(column.type()));
  }
  for (const auto& row : result.table().rows()) statements->rows.push_back(Joined(row));
  for (const auto& message : result.message()) {
    const bool is_error = message.type() == Result::OutMessage::ERROR;
    auto& texts = is_error ? statements->errors : statements->infos;
    const std::string& text = message.value();
    texts.push_back(text.substr(0, text.find_last_not_of(tql::base::kBlanks) + 1));
  }
  for (const auto& question : result.interactive_question()) {
    if (statements->prompts.empty()) statements->question_id = question.question_id();
    statements->prompts.push_back(question.prompt());
  }
  if (result.has_final_context()) {
    statements->final_context = tql::ToJson(result.final_context());
    statements->version = std::to_string(result.final_context().server_schema_version());
  }
  statements->complete = statements->complete || result.complete();
}

}  // namespace

Statements ReadStatements(const Answer& answer) {
  Statements statements;
  const std::vector<std::string_view> lines = answer.Lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto response =
        tql::FromJson<pb::ExecuteQueryResponse>(lines[i], {.skip_unknown_enum_values = true});
    if (response.ok()) {
      Add(response->result(), &statements);
    } else if (statements.invalid.empty()) {
      statements.invalid = "line " + std::to_string(i) + ": " + response.status().message();
    }
  }
  return statements;
}

std::string ErrorText(const Answer& answer, const Statements& statements) {
  std::string text;
  for (const std::string& error : statements.errors) {
    text += (text.empty() ? "" : "\n") + error;
  }
  if (!text.empty()) return text;
  if (!answer.error.empty()) return answer.error;
  constexpr int kFirstError = 400;
  return answer.status >= kFirstError ? answer.body : "";
}

}  // namespace tqlconform
