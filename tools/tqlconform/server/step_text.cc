#include "tools/tqlconform/server/step_text.h"

#include <string>
#include <utility>

#include "proto/base/text.h"
#include "tools/tqlconform/server/statements.h"
#include "tools/tqlconform/suite/json_pattern.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

/// Replaces the variables of texts in place, until one fails.
class Expander {
 public:
  explicit Expander(const Lookup& lookup) : lookup_(lookup) {}

  void operator()(const char* field, std::string* text) {
    if (!status_.ok() || text->empty()) return;
    StatusOr<std::string> expanded = Expand(*text, lookup_);
    if (expanded.ok()) {
      *text = *std::move(expanded);
    } else {
      status_ = Status(expanded.status().code(), field + (": " + expanded.status().message()));
    }
  }
  const Status& status() const { return status_; }

 private:
  const Lookup& lookup_;
  Status status_;
};

StatusOr<std::string> NotEmpty(std::string text) {
  if (text.empty()) return tql::NotFoundError("the response has none");
  return text;
}

}  // namespace

StatusOr<JsonValue> DocumentOf(const Answer& answer, bool has_lines) {
  if (!has_lines) return ParseResponseJson(answer.body);
  JsonValue lines;
  lines.kind = JsonValue::Kind::kList;
  for (const std::string_view line : answer.Lines()) {
    StatusOr<JsonValue> value = ParseResponseJson(line);
    if (!value.ok()) return value.status();
    lines.items.push_back(*std::move(value));
  }
  return lines;
}

StatusOr<confpb::Step> ExpandStep(const confpb::Step& step, const Lookup& lookup) {
  confpb::Step expanded = step;
  Expander expand(lookup);
  if (step.has_query()) expand("query", expanded.mutable_query());
  if (step.has_script()) expand("script", expanded.mutable_script());
  if (step.has_raw()) expand("raw", expanded.mutable_raw());
  expand("options", expanded.mutable_options());
  expand("context", expanded.mutable_context());
  for (std::string& answer : *expanded.mutable_answers()) expand("answers", &answer);
  if (step.has_login()) {
    expand("login.user", expanded.mutable_login()->mutable_user());
    expand("login.password", expanded.mutable_login()->mutable_password());
  }
  if (step.has_rpc()) {
    for (std::string& request : *expanded.mutable_rpc()->mutable_request()) {
      expand("rpc.request", &request);
    }
  }
  if (step.has_http()) {
    confpb::Http* const http = expanded.mutable_http();
    expand("http.path", http->mutable_path());
    expand("http.body", http->mutable_body());
    for (auto& [name, value] : *http->mutable_header()) expand("http.header", &value);
  }
  if (!expand.status().ok()) return expand.status();
  return expanded;
}

StatusOr<std::string> PartOf(const Answer& answer, bool has_lines, std::string_view part) {
  constexpr std::string_view kHeader = "header.";
  if (part == "status") return NotEmpty(answer.status == 0 ? "" : std::to_string(answer.status));
  if (part == "body") return answer.body;
  if (part == "cookie") return NotEmpty(answer.cookie);
  if (part == "version") return NotEmpty(ReadStatements(answer).version);
  if (part == "final_context") return NotEmpty(ReadStatements(answer).final_context);
  if (part == "question") return NotEmpty(ReadStatements(answer).question_id);
  if (part.starts_with(kHeader)) {
    bool found = false;
    std::string value =
        FieldOf(answer.headers, tql::base::Lower(part.substr(kHeader.size())), &found);
    if (!found) return tql::NotFoundError("the response has no such header");
    return value;
  }
  if (!part.starts_with('/')) return tql::NotFoundError("unknown part of a response");
  const StatusOr<JsonValue> document = DocumentOf(answer, has_lines);
  if (!document.ok()) return document.status();
  const std::vector<const JsonValue*> values = AtPointer(*document, part);
  if (values.size() != 1 || values[0] == nullptr) {
    return tql::NotFoundError("the response has no single value there");
  }
  return TextOf(*values[0]);
}

}  // namespace tqlconform
