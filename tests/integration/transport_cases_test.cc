// Runs every statement of tests/data/engine over every transport: the events of the results are
// equal. Whether they are correct is checked by the tests for which the files were made.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/integration/transports.h"
#include "tests/support/engine_cases.h"

namespace tql::testing {
namespace {

bool IsTrue(const std::string& value) { return value == "true"; }

using Setter = void (*)(StatementOptions&, const std::string&);
const std::map<std::string, Setter>& Setters() {
  using O = StatementOptions;
  using V = const std::string;
  static const std::map<std::string, Setter> kSetters = {
      {"top", [](O& o, V& v) { o.query_results_apply_top_row_count = std::stoll(v); }},
      {"count_only", [](O& o, V& v) { o.query_row_count_only = IsTrue(v); }},
      {"start", [](O& o, V& v) { o.pagination_start = std::stoll(v); }},
      {"size", [](O& o, V& v) { o.pagination_size = std::stoll(v); }},
      {"null_string", [](O& o, V& v) { o.null_string = v; }},
      {"date_format", [](O& o, V& v) { o.date_format = v; }},
      {"date_time_format", [](O& o, V& v) { o.date_time_format = v; }},
      {"time_format", [](O& o, V& v) { o.time_format = v; }},
      {"epoch", [](O& o, V& v) { o.format_date_as_epoch = IsTrue(v); }},
      {"allow_unsafe", [](O& o, V& v) { o.allow_unsafe = IsTrue(v); }},
      {"generate_guids", [](O& o, V& v) { o.generate_guids_in_ddl = IsTrue(v); }},
      {"add_database", [](O& o, V& v) { o.add_database = IsTrue(v); }},
      {"size_rows", [](O& o, V& v) { o.input_row_size_fetch_max_rows = std::stoll(v); }},
      {"comments", [](O& o, V& v) { o.script_comments = IsTrue(v); }},
      {"extensions", [](O& o, V& v) { o.script_extensions = IsTrue(v); }},
      {"guids", [](O& o, V& v) { o.script_guids = IsTrue(v); }},
      {"hints", [](O& o, V& v) { o.script_parsing_hints = IsTrue(v); }},
      {"versions", [](O& o, V& v) { o.script_schema_versions = IsTrue(v); }},
  };
  return kSetters;
}

RequestOptions OptionsOf(const EngineCase& c) {
  RequestOptions request;
  for (const std::string& setting : c.settings) {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
    if (name == "answer") {
      request.on_question = [value](const Question& /*question*/) -> StatusOr<std::string> {
        return value;
      };
    } else if (const auto setter = Setters().find(name); setter != Setters().end()) {
      setter->second(request.statement, value);
    }
  }
  return request;
}

/// A case that sets the server's clock shows times, which differ between servers.
bool ShowsTime(const EngineCase& c) {
  for (const std::string& setting : c.settings) {
    if (setting.starts_with("time=")) return true;
  }
  return false;
}

std::vector<std::string> RecordStatements(Service& service, const std::string& file) {
  Client client = service.Login();
  std::vector<std::string> lines;
  for (const EngineCase& c : ReadCases(file)) {
    if (ShowsTime(c)) continue;
    lines.push_back("-- line " + std::to_string(c.line));
    const std::vector<std::string> answer = Record(client.Stream(c.statement, OptionsOf(c)));
    lines.insert(lines.end(), answer.begin(), answer.end());
  }
  return lines;
}

std::vector<std::string> RecordScript(Service& service, const std::string& file) {
  ScriptParams params;
  for (const EngineCase& c : ReadCases(file)) {
    if (!ShowsTime(c)) params.script += c.statement + '\n';
  }
  const std::shared_ptr<Transport> transport = service.NewTransport();
  EXPECT_TRUE(transport->Login({"tsadmin", "admin", {}}).ok());
  return Record(transport->RunScript(params));
}

using Recorder = std::vector<std::string> (*)(Service&, const std::string&);

void ExpectTheSameOverEveryWay(Recorder record, const std::string& file) {
  std::vector<std::string> first;
  for (const Way way : AllWays()) {
    Service service(way);
    const std::vector<std::string> lines = record(service, file);
    if (first.empty()) first = lines;
    ASSERT_EQ(lines.size(), first.size()) << WayName(way);
    for (std::size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(lines[i], first[i]) << WayName(way);
  }
  EXPECT_GT(first.size(), 10U);
}

class TransportCasesTest : public ::testing::TestWithParam<std::string> {};

TEST_P(TransportCasesTest, StatementsAnswerTheSame) {
  ExpectTheSameOverEveryWay(RecordStatements, GetParam());
}

TEST_P(TransportCasesTest, ScriptsAnswerTheSame) {
  ExpectTheSameOverEveryWay(RecordScript, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, TransportCasesTest, ::testing::ValuesIn(EngineCaseFiles()),
                         [](const auto& file) {
                           return std::filesystem::path(file.param).stem().string();
                         });

}  // namespace
}  // namespace tql::testing
