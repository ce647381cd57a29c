// GET /mock/coverage: what the server does, for whoever wants to know before trying.
#include <string>
#include <utility>

#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/service/coverage.h"
#include "tql/wire/row_encoder.h"

namespace tql::frontend {
namespace {

void Member(std::string_view key, std::string_view value, std::string& out) {
  out += out.back() == '{' ? "" : ",";
  AppendJsonString(key, &out);
  out += ':';
  AppendJsonString(value, &out);
}

std::string CoverageJson() {
  std::string out = "{\"statements\":[";
  std::string_view separator;
  for (const service::StatementCoverage& entry : service::StatementsCovered()) {
    out.append(std::exchange(separator, ",")) += '{';
    Member("statement", entry.statement, out);
    Member("clause", entry.clause, out);
    Member("support", SupportName(entry.support), out);
    Member("evidence", EvidenceName(entry.evidence), out);
    Member("example", entry.example, out);
    Member("note", entry.note, out);
    out += '}';
  }
  out += "],\"options\":[";
  separator = {};
  for (const service::OptionCoverage& entry : service::OptionsCovered()) {
    out.append(std::exchange(separator, ",")) += '{';
    Member("option", entry.option, out);
    Member("support", SupportName(entry.support), out);
    Member("effect", entry.effect, out);
    Member("test", entry.test, out);
    out += '}';
  }
  return out + "]}";
}

}  // namespace

void TqlHandler::Coverage(const Call& call) { call.writer.Send(200, kJsonType, CoverageJson()); }

}  // namespace tql::frontend
