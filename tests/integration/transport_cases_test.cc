// Runs every statement of tests/data/engine over every transport: the events of the results are
// equal. Whether they are correct is checked by the tests for which the files were made.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "proto/base/request_options.h"
#include "tests/integration/transports.h"
#include "tests/support/engine_cases.h"

namespace tql::testing {
namespace {

/// Sets the request option of this name, if there is one.
void Set(const std::string& name, const std::string& value, StatementOptions* options) {
  base::VisitMembers<StatementOptions>([&](const base::RequestOption& option, auto member) {
    if (option.name == name) ReadValue(value, &(options->*member).emplace());
  });
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
    } else {
      Set(name, value, &request.statement);
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
