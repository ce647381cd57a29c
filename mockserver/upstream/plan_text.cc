#include "mockserver/upstream/plan_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::upstream {
namespace {

using Result = pb::ExecuteQueryResponse::Result;

/// Whether YAML permits the character in a text without an escape.
bool IsPrintable(char32_t c) {
  constexpr char32_t kNextLine = 0x85;
  if (c < 0xA0) return c >= ' ' && c < 0x7F;
  return c != kNextLine && c != 0x2028 && c != 0x2029 && c != 0xFEFF && c != 0xFFFE && c != 0xFFFF;
}

/// All escapes are of characters up to U+FFFF.
void AppendEscape(char32_t c, std::string* out) {
  const auto code = static_cast<std::uint32_t>(c);
  *out += "\\u";
  base::AppendHex(static_cast<char>(code >> 8U), out);
  base::AppendHex(static_cast<char>(code & 0xFFU), out);
}

void AppendField(std::string_view name, std::string_view text, std::string* out) {
  if (out->back() != '{') *out += ", ";
  out->append(name).append(": ");
  AppendYamlString(text, out);
}

/// The text that stands for NULL in a table. Empty if it has no NULL.
std::string_view NullTextOf(const Result::TableResult& table, std::string_view marker) {
  constexpr std::array<std::string_view, 3> kTexts = {"(null)", "NULL", "\\N"};
  std::array<bool, kTexts.size()> taken = {};
  bool has_null = false;
  for (const auto& row : table.rows()) {
    for (const std::string& cell : row.v()) {
      has_null = has_null || cell == marker;
      for (std::size_t i = 0; i < kTexts.size(); ++i) taken[i] = taken[i] || cell == kTexts[i];
    }
  }
  if (!has_null) return {};
  const auto* const free = std::find(taken.begin(), taken.end(), false);
  return free == taken.end() ? marker : kTexts[static_cast<std::size_t>(free - taken.begin())];
}

/// Writes lines of a Result, each at the indentation of its keys.
class ResultYaml {
 public:
  explicit ResultYaml(YamlAnswer* out) : out_(*out) {}

  void Context(const pb::QueryContext& context) {
    Begin("final_context: {");
    if (context.has_schema()) AppendField("schema", context.schema(), &out_.text);
    if (context.has_database()) AppendField("database", context.database(), &out_.text);
    if (context.has_server_schema_version()) {
      if (out_.text.back() != '{') out_.text += ", ";
      out_.text += "server_schema_version: " + std::to_string(context.server_schema_version());
    }
    out_.text += "}\n";
    out_.nodes += 8;
  }
  void Question(const pb::InteractiveQueryQuestion& question) {
    out_.text += "        - {";
    AppendField("question_id", question.question_id(), &out_.text);
    AppendField("banner", question.banner(), &out_.text);
    AppendField("prompt", question.prompt(), &out_.text);
    out_.text += ", options: [";
    for (int i = 0; i < question.options_size(); ++i) {
      if (i > 0) out_.text += ", ";
      AppendYamlString(question.options(i), &out_.text);
    }
    out_.text += "]}\n";
    out_.nodes += 10 + static_cast<std::size_t>(question.options_size());
  }
  void Table(const Result::TableResult& table, std::string_view marker, std::string_view null) {
    Begin("table:\n");
    if (table.headers_size() > 0) out_.text += "          headers:\n";
    for (const auto& header : table.headers()) {
      out_.text += "          - {";
      AppendField("name", header.name(), &out_.text);
      out_.text += ", type: " + Result::TableResult::ColumnHeader::Type_Name(header.type()) + "}\n";
      out_.nodes += 5;
    }
    if (table.rows_size() > 0) out_.text += "          rows:\n";
    for (const auto& row : table.rows()) {
      out_.text += "          - {v: [";
      for (int i = 0; i < row.v_size(); ++i) {
        if (i > 0) out_.text += ", ";
        AppendYamlString(row.v(i) == marker ? null : row.v(i), &out_.text);
      }
      out_.text += "]}\n";
      out_.nodes += 3 + static_cast<std::size_t>(row.v_size());
    }
    // An empty map would be read as a null.
    if (table.headers_size() == 0 && table.rows_size() == 0) out_.text += "          rows: []\n";
  }
  void Message(const Result::OutMessage& message) {
    out_.text += "        - {type: " + Result::OutMessage::Type_Name(message.type());
    out_.text += ", value: ";
    AppendYamlString(message.value(), &out_.text);
    out_.text += "}\n";
    out_.nodes += 5;
  }
  /// Begins a line with a key of the Result; the first one begins the element of the list.
  void Begin(std::string_view key) {
    out_.text += first_ ? "      - " : "        ";
    out_.text += key;
    first_ = false;
    out_.nodes += 4;
  }

 private:
  YamlAnswer& out_;
  bool first_ = true;
};

}  // namespace

void AppendYamlString(std::string_view text, std::string* out) {
  *out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const base::Utf8Char c = base::DecodeUtf8(text, at);
    const std::string_view bytes = text.substr(at, c.length);
    at += c.length;
    if (!c.valid) {
      *out += "\uFFFD";
    } else if (c.code_point == '"' || c.code_point == '\\') {
      *out += '\\';
      *out += bytes;
    } else if (c.code_point == '\n') {
      *out += "\\n";
    } else if (c.code_point == '\t') {
      *out += "\\t";
    } else if (IsPrintable(c.code_point) || c.code_point == 0) {
      *out += bytes;
    } else {
      AppendEscape(c.code_point, out);
    }
  }
  *out += '"';
}

YamlAnswer AnswerToYaml(const Result& answer, std::string_view null_marker) {
  YamlAnswer yaml{.text = "  - answer:\n", .nodes = 10};
  const std::string_view null = NullTextOf(answer.table(), null_marker);
  if (!null.empty()) {
    yaml.text += "      null_string: ";
    AppendYamlString(null, &yaml.text);
    yaml.text += '\n';
  }
  yaml.text += "      result:\n";
  ResultYaml result(&yaml);
  if (answer.has_final_context()) result.Context(answer.final_context());
  if (answer.interactive_question_size() > 0) result.Begin("interactive_question:\n");
  for (const auto& question : answer.interactive_question()) result.Question(question);
  if (answer.has_table()) result.Table(answer.table(), null_marker, null);
  if (answer.message_size() > 0) result.Begin("message:\n");
  for (const auto& message : answer.message()) result.Message(message);
  result.Begin(answer.complete() ? "complete: true\n" : "complete: false\n");
  return yaml;
}

YamlAnswer ErrorToYaml(std::string_view error) {
  YamlAnswer yaml{.text = "  - answer: {error: ", .nodes = 6};
  AppendYamlString(error, &yaml.text);
  yaml.text += "}\n";
  return yaml;
}

}  // namespace tql::upstream
