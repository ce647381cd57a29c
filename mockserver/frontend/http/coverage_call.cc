// GET /mock/coverage: the supported statements and options as JSON.
#include <string>

#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/service/coverage.h"
#include "proto/base/json_writer.h"
#include "proto/base/request_options.h"

namespace tql::frontend {
namespace {

std::string CoverageJson() {
  std::string text;
  base::JsonWriter json(&text);
  const auto member = [&](std::string_view key, std::string_view value) {
    json.Key(key).String(value);
  };
  json.BeginObject().Key("statements").BeginArray();
  for (const service::StatementCoverage& entry : service::StatementsCovered()) {
    json.BeginObject();
    member("statement", entry.statement);
    member("clause", entry.clause);
    member("support", SupportName(entry.support));
    member("evidence", EvidenceName(entry.evidence));
    member("example", entry.example);
    member("note", entry.note);
    json.EndObject();
  }
  json.EndArray().Key("options").BeginArray();
  for (const base::RequestOption& option : base::kRequestOptions) {
    using enum service::Support;
    json.BeginObject();
    member("option", option.path());
    member("support", SupportName(option.test.empty() ? kNoEffect : kWorks));
    member("effect", option.effect);
    member("test", option.test);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return text;
}

}  // namespace

HttpResponse TqlHandler::Coverage(const Call& call) { return Answer(call, CoverageJson()); }

}  // namespace tql::frontend
