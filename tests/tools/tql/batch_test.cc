#include "tools/tql/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "tools/tql/commands/meta_commands.h"
#include "tql/mocks/mock_transport.h"

namespace tql::shell {
namespace {

using mocks::FakeEvent;
using mocks::FakeResultStream;
using mocks::FakeRow;
using testing::_;
using testing::ElementsAre;
using testing::NiceMock;

std::string Contents(std::FILE* file) {
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  return text;
}

class BatchTest : public testing::Test {
 protected:
  BatchTest() {
    ON_CALL(*transport_, Query(_)).WillByDefault([this](const QueryParams& params) {
      sent_.push_back(params.statement);
      last_options_ = params.options;
      return Answer(params.statement);
    });
  }
  ~BatchTest() override {
    for (const std::string& path : files_) std::remove(path.c_str());
    std::fclose(out_);
    std::fclose(err_);
  }

  /// Sets the service's response to a statement; other statements succeed without messages.
  void On(const std::string& statement, std::vector<FakeEvent> events, Status last = {}) {
    answers_[statement] = {std::move(events), std::move(last)};
  }

  ExitCode Run(const std::vector<Input>& inputs, Format format = Format::kTql) {
    Interrupts interrupts;
    Connection connection{Client(transport_), ""};
    Output out(fileno(out_));
    Output err(fileno(err_));
    settings_.format = format;
    Session session(connection, settings_, out, err, interrupts);
    MetaCommands commands(session, {});
    return RunBatch(session, commands, inputs);
  }
  /// Returns the path of a file with that text, which is deleted after the test.
  std::string File(const std::string& text) {
    std::string path = testing::TempDir() + "/batch-XXXXXX";
    const int fd = mkstemp(path.data());
    EXPECT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    close(fd);
    files_.push_back(path);
    return path;
  }
  ExitCode Run(const std::string& text) { return Run({{Input::Kind::kText, text}}); }

  std::string out() { return Contents(out_); }
  std::string err() { return Contents(err_); }
  const std::vector<std::string>& sent() const { return sent_; }

  Settings settings_;
  StatementOptions last_options_;

 private:
  struct Scripted {
    std::vector<FakeEvent> events;
    Status last;
  };
  StatusOr<std::unique_ptr<ResultStream>> Answer(const std::string& statement) {
    const Scripted scripted = answers_[statement];
    return std::unique_ptr<ResultStream>(
        std::make_unique<FakeResultStream>(scripted.events, scripted.last));
  }

  std::shared_ptr<NiceMock<mocks::MockTransport>> transport_ =
      std::make_shared<NiceMock<mocks::MockTransport>>();
  std::map<std::string, Scripted> answers_;
  std::vector<std::string> sent_;
  std::vector<std::string> files_;
  std::FILE* out_ = std::tmpfile();
  std::FILE* err_ = std::tmpfile();
};

TEST_F(BatchTest, StatementsRunInOrder) {
  EXPECT_EQ(Run({{Input::Kind::kText, "a 'x;y'; -- c;\n b"}, {Input::Kind::kText, ";;c;"}}),
            ExitCode::kOk);
  EXPECT_THAT(sent(), ElementsAre("a 'x;y';", "b;", "c;"));
}

TEST_F(BatchTest, SeparatesDataFromMessages) {
  On("q;", {Header{{{"n", ColumnType::kInt}}}, FakeRow{"1"}, FakeRow{"2"},
            Message{Severity::kInfo, "(2 result rows)\n"}, Message{Severity::kWarning, "slow\n"},
            Message{Severity::kInfo, "Statement executed successfully. \n"}, StatementEnd{}});
  EXPECT_EQ(Run("q;"), ExitCode::kOk);
  EXPECT_EQ(out(), "1\n2\n");
  EXPECT_EQ(err(), "n\n-\n(2 result rows)\nwarning: slow\nStatement executed successfully. \n");
}

TEST_F(BatchTest, FirstErrorEndsRun) {
  On("select\n  x frm;",
     {Message{Severity::kError, "Wrong. Line 2, column 5: found 'frm'\n"}, StatementEnd{}});
  EXPECT_EQ(Run("a; select\n  x frm; b;"), ExitCode::kStatementFailed);
  EXPECT_THAT(sent(), ElementsAre("a;", "select\n  x frm;"));
  EXPECT_EQ(err(), "error: Wrong. Line 2, column 5: found 'frm'\n    x frm\n      ^\n");
}

TEST_F(BatchTest, ErrorNamesFileAndLine) {
  const std::string path = File("a;\n\n-- comment\nb\n c;");
  On("b\n c;", {Message{Severity::kError, "bad at line 2, column 2\n"}, StatementEnd{}});
  EXPECT_EQ(Run({{Input::Kind::kFile, path}}), ExitCode::kStatementFailed);
  EXPECT_EQ(err(), path + ":5: error: bad at line 5, column 2\n   c\n   ^\n");
}

TEST_F(BatchTest, CommandsBetweenStatements) {
  EXPECT_EQ(Run("\\dt\na 'x\\y';\\d t\nselect\n 1 \\p\n + 2 \\g\nb; \\g"), ExitCode::kOk);
  EXPECT_THAT(sent(), ElementsAre("show tables;", "a 'x\\y';", "show table t;",
                                  "select\n 1 \n + 2;", "b;", "b;"));
  EXPECT_EQ(err(), "select\n 1\n");
}

TEST_F(BatchTest, FailedCommandIsFailedStatement) {
  const std::string path = File("a;\n\\nonsense\nb;");
  EXPECT_EQ(Run({{Input::Kind::kFile, path}}), ExitCode::kStatementFailed);
  EXPECT_THAT(sent(), ElementsAre("a;"));
  EXPECT_EQ(err(), path + ":2: error: unknown command \\nonsense; \\? shows all commands\n");
  settings_.keep_going = true;
  EXPECT_EQ(Run("\\timing perhaps\nc;\\e\n"), ExitCode::kStatementFailed);
  EXPECT_THAT(sent(), ElementsAre("a;", "c;"));
  EXPECT_THAT(err(), testing::EndsWith("error: found 'perhaps', expected on or off\n"
                                       "error: \\e is for the prompt alone\n"));
}

TEST_F(BatchTest, FailedStatementOfCommandCounts) {
  On("show table t;", {Message{Severity::kError, "no\n"}, StatementEnd{}});
  EXPECT_EQ(Run("\\d t\nb;"), ExitCode::kStatementFailed);
  On("x;", {Message{Severity::kError, "no\n"}, StatementEnd{}});
  EXPECT_EQ(Run("x \\g\nb;"), ExitCode::kStatementFailed);
  EXPECT_THAT(sent(), ElementsAre("show table t;", "x;"));
}

TEST_F(BatchTest, FilesIncludeFiles) {
  const std::string inner = File("b;\n\\q\nnever;");
  const std::string name = inner.substr(inner.rfind('/') + 1);
  const std::string outer = File("a;\n\\ir " + name + "\nc \\i " + inner + "\n;\n\\i /no/file\nd;");
  EXPECT_EQ(Run({{Input::Kind::kFile, outer}}), ExitCode::kStatementFailed);
  EXPECT_THAT(sent(), ElementsAre("a;", "b;", "b;", "c;"));
  EXPECT_EQ(err(), outer + ":5: error: cannot read /no/file: No such file or directory\n");
}

TEST_F(BatchTest, RecursiveInclude) {
  const std::string path = File("");
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fputs(("\\i " + path).c_str(), file);
  std::fclose(file);
  EXPECT_EQ(Run({{Input::Kind::kFile, path}}), ExitCode::kUsage);
  EXPECT_EQ(err(), path + ":1: error: files include each other without an end\n");
}

TEST_F(BatchTest, PositionOutsideStatementIsNotShown) {
  On("a;", {Message{Severity::kError, "line 9, column 1\n"}, StatementEnd{}});
  EXPECT_EQ(Run("a;"), ExitCode::kStatementFailed);
  EXPECT_EQ(err(), "error: line 9, column 1\n");
}

TEST_F(BatchTest, LostConnectionHasItsExitCode) {
  On("a;", {}, UnavailableError("gone"));
  EXPECT_EQ(Run("a; b;"), ExitCode::kNoConnection);
  EXPECT_THAT(sent(), ElementsAre("a;"));
  EXPECT_EQ(err(), "error: gone\n");
}

TEST_F(BatchTest, ExitEndsAllInputs) {
  EXPECT_EQ(Run({{Input::Kind::kText, "a; EXIT; b;"}, {Input::Kind::kText, "c;"}}), ExitCode::kOk);
  EXPECT_THAT(sent(), ElementsAre("a;"));
}

TEST_F(BatchTest, TablesHaveSeparateJsonArrays) {
  const Header header{{{"n", ColumnType::kInt}}};
  On("a;", {header, FakeRow{"1"}, StatementEnd{}});
  On("b;", {header, StatementEnd{}});
  EXPECT_EQ(Run({{Input::Kind::kText, "a; b;"}}, Format::kJson), ExitCode::kOk);
  EXPECT_EQ(out(), "[\n{\"n\":1}\n]\n[]\n");
}

TEST_F(BatchTest, ContinueReturnsFailure) {
  On("a;", {Message{Severity::kError, "bad\n"}, StatementEnd{}});
  settings_.keep_going = true;
  EXPECT_EQ(Run({{Input::Kind::kText, "a; b;"}, {Input::Kind::kText, "c;"}}),
            ExitCode::kStatementFailed);
  EXPECT_THAT(sent(), ElementsAre("a;", "b;", "c;"));
}

TEST_F(BatchTest, ContinueByServiceOption) {
  On("a;", {Message{Severity::kError, "bad\n"}, StatementEnd{}});
  settings_.statement.continue_execution_on_error = true;
  EXPECT_EQ(Run("a; b; exit; c;"), ExitCode::kStatementFailed);
  EXPECT_THAT(sent(), ElementsAre("a;", "b;"));
}

TEST_F(BatchTest, ContinueStopsAtLostConnection) {
  On("a;", {}, UnavailableError("gone"));
  settings_.keep_going = true;
  EXPECT_EQ(Run("a; b;"), ExitCode::kNoConnection);
  EXPECT_THAT(sent(), ElementsAre("a;"));
}

TEST_F(BatchTest, EchoShowsStatementsAside) {
  On("a\n b;", {Message{Severity::kInfo, "data\n"}, StatementEnd{}});
  settings_.echo = true;
  EXPECT_EQ(Run("a\n b"), ExitCode::kOk);
  EXPECT_EQ(out(), "data\n");
  EXPECT_EQ(err(), "a\n b;\n");
}

TEST_F(BatchTest, CountPrintsNumberOnly) {
  On("q;", {Header{{{"n", ColumnType::kInt}}}, Message{Severity::kInfo, "(120 result rows)\n"},
            Message{Severity::kInfo, "Statement executed successfully. \n"}, StatementEnd{}});
  settings_.count = true;
  EXPECT_EQ(Run("q;"), ExitCode::kOk);
  EXPECT_EQ(out(), "120\n");
  EXPECT_EQ(err(), "Statement executed successfully. \n");
  EXPECT_EQ(last_options_.query_row_count_only, true);
}

TEST_F(BatchTest, SendsServiceOptions) {
  settings_.statement.skip_cache = true;
  settings_.statement.date_format = "%d";
  EXPECT_EQ(Run("q;"), ExitCode::kOk);
  EXPECT_EQ(last_options_.skip_cache, true);
  EXPECT_EQ(last_options_.date_format, "%d");
  EXPECT_EQ(last_options_.use_jit, std::nullopt);
}

TEST_F(BatchTest, ChecksFilesBeforeRunning) {
  EXPECT_FALSE(CheckInputs({{Input::Kind::kFile, "/no/such/file.tql"}}));
  EXPECT_FALSE(CheckInputs({{Input::Kind::kFile, "/"}}));
  EXPECT_TRUE(CheckInputs({{Input::Kind::kText, "/no/such/file"}, {Input::Kind::kFile, "-"}}));
}

}  // namespace
}  // namespace tql::shell
