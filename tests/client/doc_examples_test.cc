// Runs the examples of the pages (client/doc) and the public headers on the sample database of
// tools/sample/retail.tql.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "client/doc/examples/examples.h"
#include "tql/client.h"
#include "tql/mock/server.h"
#include "tql/mocks/matchers.h"
#include "tql/mocks/server_fixture.h"

extern "C" int DocCExample(int argc, char** argv);  // The main() of c.c.

namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
using tql::StatusCode;
using tql::mocks::IsOk;
using tql::mocks::StatusIs;

/// Captures what is written to std::cout.
class Output {
 public:
  Output() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~Output() { std::cout.rdbuf(before_); }
  std::string str() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

class DocExamplesTest : public tql::mock::ServerTest {
 protected:
  DocExamplesTest() {
    config.init_files = {TQLKIT_SAMPLE "/retail.tql"};
    options.database = "retail";
  }
  Output output;
};

TEST_F(DocExamplesTest, Load) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("doc_examples." + std::to_string(server().http_port()) + ".csv");
  std::ofstream(path) << "id,name,visits\n1,Ann,3\n2,Bob,x\n3,Cid,4\n";
  ASSERT_THAT(
      client().Execute("create table visitor (id int, name varchar(0), visits int);").status,
      IsOk());
  const tql::Options login{.user = "tsadmin", .credentials = tql::Credentials::Password("admin")};
  EXPECT_THAT(examples::LoadFile(server().http_url(), login, path), IsOk());
  EXPECT_EQ(output.str(),
            "line 3: Column \"visits\": Cannot convert 'x' to int\n2,Bob,x\n2 rows\n");
  std::filesystem::remove(path);
}

TEST_F(DocExamplesTest, Connect) {
  const auto ca_file = std::filesystem::temp_directory_path() /
                       ("doc_examples." + std::to_string(server().https_port()) + ".pem");
  std::ofstream(ca_file) << server().certificate_pem();
  EXPECT_THAT(examples::Connect(server().https_url(), ca_file), IsOk());
  std::filesystem::remove(ca_file);
  EXPECT_THAT(examples::ConnectWithUrlAlone(), StatusIs(StatusCode::kNotFound));
}

TEST_F(DocExamplesTest, Contexts) {
  client().set_context({});
  EXPECT_THAT(examples::UseContexts(client()), IsOk());
  EXPECT_EQ(output.str(), "retail\n");
  EXPECT_EQ(client().context().database, "");
}

TEST_F(DocExamplesTest, Processes) { EXPECT_THAT(examples::UseInTwoProcesses(client()), IsOk()); }

TEST_F(DocExamplesTest, ForksNamespace) {
  EXPECT_THAT(examples::ForkNamespace(*tql::Url::Parse(server().http_url()), {}), IsOk());
  EXPECT_THAT(output.str(), HasSubstr("\"+t1\""));
}

TEST_F(DocExamplesTest, Queries) {
  EXPECT_THAT(examples::PrintTurnover(client()), IsOk());
  EXPECT_THAT(output.str(), HasSubstr("South 16053\n"));
}

TEST_F(DocExamplesTest, QueryByName) {
  EXPECT_THAT(examples::PrintByName(client()), IsOk());
  EXPECT_THAT(output.str(), AllOf(HasSubstr(" in Antwerp\n"), HasSubstr("\n8 stores\n")));
}

TEST_F(DocExamplesTest, QueryWithNull) {
  EXPECT_THAT(examples::PrintWithNull(client()), IsOk());
  EXPECT_THAT(output.str(), AllOf(StartsWith("Antwerp 2012\n"), ContainsRegex("\n[A-Za-z]+ 0\n")));
}

TEST_F(DocExamplesTest, QueryTable) {
  EXPECT_THAT(examples::PrintTable(client()), IsOk());
  EXPECT_THAT(output.str(), HasSubstr("\nname VARCHAR\ncity VARCHAR\n8 rows\n"));
}

TEST_F(DocExamplesTest, QueryValueAndExecute) {
  EXPECT_THAT(examples::CountAndChange(client()), IsOk());
  EXPECT_EQ(output.str(), "Statement executed successfully. \n");
}

TEST_F(DocExamplesTest, AllRowsAndPages) {
  EXPECT_THAT(examples::PrintAllSales(client()), IsOk());
  EXPECT_THAT(examples::PrintPages(client()), IsOk());
  EXPECT_EQ(output.str(), "360 sales\n100 rows\n100 rows\n100 rows\n60 rows\n");
}

TEST_F(DocExamplesTest, TypesOfOnesOwn) {
  EXPECT_THAT(examples::ReadCurrency(client()), IsOk());
  EXPECT_EQ(output.str(), "6706873\n");
}

TEST_F(DocExamplesTest, Streams) {
  EXPECT_THAT(examples::PrintEvents(client()), IsOk());
  EXPECT_THAT(output.str(), AllOf(StartsWith("city region \nAntwerp\n"),
                                  HasSubstr("(8 result rows)\nStatement executed")));
  EXPECT_THAT(examples::ReportProgress(client()), IsOk());
  EXPECT_THAT(examples::StopFromElsewhere(client()), StatusIs(StatusCode::kCancelled));
}

TEST_F(DocExamplesTest, Scripts) {
  EXPECT_THAT(examples::RunScript(client()), IsOk());
  EXPECT_THAT(output.str(), AllOf(HasSubstr("nowhere"), HasSubstr("FAILED_PRECONDITION")));
  EXPECT_THAT(client().QueryValue<int>("select visitors from visit;"),
              tql::mocks::IsOkAndHolds(12));
  EXPECT_THAT(examples::PrintScript(client()), IsOk());
  EXPECT_THAT(output.str(), HasSubstr("\nAntwerp\n"));
}

TEST_F(DocExamplesTest, ScriptChangesContext) {
  client().set_context({});
  tql::ScriptResult script = client().RunScript("use retail;");
  while (script.Next()) {
  }
  EXPECT_EQ(client().context().database, "retail");
}

TEST_F(DocExamplesTest, Questions) {
  EXPECT_THAT(examples::AnswerQuestions(client()), IsOk());
  EXPECT_THAT(output.str(), AllOf(HasSubstr("will break"), HasSubstr("- yes\n- no\n")));
}

TEST_F(DocExamplesTest, Errors) {
  EXPECT_EQ(examples::Explain(client(), "show tables;"), "done");
  EXPECT_THAT(examples::Explain(client(), "selec 1;"), StartsWith("INVALID_ARGUMENT: "));
  EXPECT_THAT(examples::Explain(client(), "drop table nowhere;"),
              StartsWith("FAILED_PRECONDITION: "));
  EXPECT_EQ(examples::Explain(tql::Client(server().InProcess()), "show tables;"), "log in first");
  EXPECT_EQ(examples::PatientOptions().retry.max_attempts, 6);
  EXPECT_THAT(examples::InsertOnce(client()), IsOk());
  EXPECT_THAT(examples::ThrowInstead(client()), StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(output.str(), "9 rows\n");
}

TEST_F(DocExamplesTest, Observers) {
  EXPECT_THAT(examples::Observe(server().InProcess()), IsOk());
  EXPECT_THAT(output.str(),
              MatchesRegex("login [0-9a-f]+ OK 0 rows\nquery morning-check OK 0 rows\n"));
}

TEST_F(DocExamplesTest, CallsInTheBackground) {
  EXPECT_THAT(examples::InTheBackground(client()), IsOk());
  EXPECT_EQ(output.str(), "8 stores\n");
}

TEST_F(DocExamplesTest, C) {
  std::string program = "c";
  std::string url = "http://tsadmin@127.0.0.1:" + std::to_string(server().http_port());
  std::string retail = url + "/retail";
  char* good[] = {program.data(), retail.data(), nullptr};
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(DocCExample(2, good), 0);
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), StartsWith("1 Rotterdam\n2 Antwerp\n"));
  char* no_database[] = {program.data(), url.data(), nullptr};
  EXPECT_EQ(DocCExample(2, no_database), 1);
}

// The example in tql/mock/server.h and the one in the README.
tql::Status StartServers() {
  auto server = tql::mock::Server::Create({.init_scripts = {"create database sales;"}});
  if (!server) return server.status();
  tql::Options options{.user = "tsadmin", .credentials = tql::Credentials::Password("admin")};
  auto client = tql::Client::Connect((*server)->http_url(), options);
  if (!client) return client.status();
  tql::Client nearer((*server)->InProcess());  // The same service, without a socket.
  if (tql::Status status = nearer.Login("tsadmin", "admin"); !status.ok()) return status;
  return nearer.Execute("use sales;").status;
}

TEST(DocExamples, Servers) { EXPECT_THAT(StartServers(), IsOk()); }

tql::Status ForkServer(tql::mock::Server& server) {
  tql::StatusOr<tql::mock::Namespace> fork = server.Fork("test-1");
  if (!fork) return fork.status();
  tql::Client client(fork->InProcess());
  if (tql::Status status = client.Login("tsadmin", "admin"); !status.ok()) return status;
  return client.Execute("drop database sales;").status;
}

TEST(DocExamples, Forks) {
  auto server = tql::mock::Server::Create({.init_scripts = {"create database sales;"}});
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_THAT(ForkServer(**server), IsOk());
  EXPECT_THAT(ForkServer(**server), IsOk());  // the database is in "main" as before
}

TEST(DocExamples, Plans) {
  auto server = tql::mock::Server::Create(
      {.init_scripts = {"create database d; use d; create table sales (id int);"}});
  ASSERT_TRUE(server.ok()) << server.status();
  auto fork = (*server)->Fork("test-1");
  ASSERT_TRUE(fork.ok()) << fork.status();
  // clang-format off
  tql::Status status = fork->SetPlan(R"(
    rule:
    - match: {kind: [INSERT], table: [sales]}
      do: [{run: FIRST, cut: {how: RESET}}]   # it is stored, but its answer is lost
  )");
  // clang-format on
  EXPECT_THAT(status, IsOk());
  tql::Client client(fork->InProcess());
  ASSERT_THAT(client.Login("tsadmin", "admin"), IsOk());
  ASSERT_THAT(client.Execute("use d;").status, IsOk());
  EXPECT_THAT(client.Execute("insert into sales values (1);").status,
              StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(client.Execute("insert into sales values (2);").status, IsOk());
  EXPECT_EQ(fork->Verify("{expect: [{match: {kind: [INSERT]}, exactly: 2}]}"), tql::Status());
  EXPECT_EQ(fork->Verify(), tql::Status());  // the plan is used up, and nothing was unexpected
}

TEST(DocExamples, Time) {
  auto server = tql::mock::Server::Create({});
  ASSERT_TRUE(server.ok()) << server.status();
  auto fork = (*server)->Fork("test-1");
  ASSERT_TRUE(fork.ok()) << fork.status();
  tql::Client client(fork->InProcess());
  ASSERT_THAT(client.Login("tsadmin", "admin"), IsOk());
  EXPECT_EQ(fork->AdvanceTime(std::chrono::minutes(31)), tql::Status());  // sessions expire
  EXPECT_EQ(client.Execute("help;").status, tql::Status());  // the client logs in again
  EXPECT_EQ(fork->Verify("{expect: [{match: {call: [LOGIN]}, exactly: 2}]}"), tql::Status());
}

}  // namespace
