// GET /mock/coverage: the supported statements, options, calls, loads, REST calls and calls of
// Thena as JSON.
#include <string>

#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/load/coverage.h"
#include "mockserver/rest/endpoint.h"
#include "mockserver/rest/parameters.h"
#include "mockserver/service/coverage.h"
#include "mockserver/thena/coverage.h"
#include "proto/base/json_writer.h"
#include "proto/base/request_options.h"

namespace tql::frontend {

std::string TqlHandler::CoverageJson() {
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
    member("evidence", EvidenceName(service::kOptionEvidence));
    member("effect", option.effect);
    member("test", option.test);
    json.EndObject();
  }
  json.EndArray().Key("calls").BeginArray();
  for (const Route& route : Routes()) {
    if (!route.evidence) continue;
    json.BeginObject();
    member("method", route.method);
    member("path", route.path);
    member("evidence", EvidenceName(*route.evidence));
    json.EndObject();
  }
  json.EndArray().Key("load_calls").BeginArray();
  for (const load::CallCoverage& call : load::CallsCovered()) {
    json.BeginObject();
    member("method", call.method);
    member("path", call.path);
    member("evidence", EvidenceName(call.evidence));
    member("note", call.note);
    json.EndObject();
  }
  json.EndArray().Key("load_parameters").BeginArray();
  for (const service::ParameterCoverage& parameter : load::ParametersCovered()) {
    json.BeginObject();
    member("parameter", parameter.name);
    member("support", SupportName(parameter.support));
    member("evidence", EvidenceName(parameter.evidence));
    member("effect", parameter.note);
    json.EndObject();
  }
  json.EndArray().Key("rest_calls").BeginArray();
  for (const auto endpoints : {rest::V1Endpoints(), rest::V2Endpoints()}) {
    for (const rest::Endpoint& endpoint : endpoints) {
      json.BeginObject();
      member("method", endpoint.method);
      json.Key("paths").BeginArray();
      for (const std::string& path : rest::PathsOf(endpoint)) json.String(path);
      json.EndArray();
      member("evidence", EvidenceName(endpoint.evidence));
      member("note", endpoint.note);
      json.Key("parameters").BeginArray();
      for (const service::ParameterCoverage& parameter : rest::ParametersOf(endpoint)) {
        json.BeginObject();
        member("parameter", parameter.name);
        member("support", SupportName(parameter.support));
        member("evidence", EvidenceName(parameter.evidence));
        json.EndObject();
      }
      json.EndArray().EndObject();
    }
  }
  json.EndArray().Key("thena_calls").BeginArray();
  for (const thena::EndpointCoverage& endpoint : thena::EndpointsCovered()) {
    json.BeginObject();
    member("method", "GET");
    member("path", endpoint.path);
    member("evidence", EvidenceName(endpoint.evidence));
    member("note", endpoint.note);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return text;
}

HttpResponse TqlHandler::Coverage(const Call& call) { return Answer(call, CoverageJson()); }

}  // namespace tql::frontend
