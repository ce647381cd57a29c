#include "tools/tql/commands/meta_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "tql/mocks/mock_transport.h"

namespace tql::shell {
namespace {

using mocks::FakeEvent;
using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Contents(std::FILE* file) {
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  return text;
}

class MetaCommandsTest : public testing::Test {
 protected:
  MetaCommandsTest() {
    ON_CALL(*transport_, Query(_)).WillByDefault([this](const QueryParams& params) {
      sent_.push_back(params.statement);
      return StatusOr<std::unique_ptr<ResultStream>>(std::make_unique<mocks::FakeResultStream>(
          std::vector<FakeEvent>{Message{Severity::kInfo, "data\n"}, StatementEnd{}}));
    });
    name_ = testing::TempDir() + "/meta-XXXXXX";
    close(mkstemp(name_.data()));
  }
  ~MetaCommandsTest() override {
    std::remove(name_.c_str());
    std::fclose(out_);
    std::fclose(err_);
  }

  static Flags FlagsOf(const std::string& url) {
    Flags flags;
    flags.url = url;
    flags.user = "ann";
    return flags;
  }
  std::string ReadFile() {
    std::FILE* file = std::fopen(name_.c_str(), "r");
    std::string text = Contents(file);
    std::fclose(file);
    return text;
  }
  bool Run(const std::string& line) {
    end_ = commands_.Run(line);
    session_output_.Flush();
    return !end_.exit;
  }
  std::string out() { return Contents(out_); }
  std::string err() { return Contents(err_); }

  std::shared_ptr<testing::NiceMock<mocks::MockTransport>> transport_ =
      std::make_shared<testing::NiceMock<mocks::MockTransport>>();
  std::vector<std::string> sent_;
  std::string name_;  // Of a file.
  std::FILE* out_ = std::tmpfile();
  std::FILE* err_ = std::tmpfile();
  CommandEnd end_;  // of the command that ran last
  Interrupts interrupts_;
  Connection connection_{Client(transport_), "http://service:81, user ann"};
  Output session_output_{fileno(out_)};
  Output error_output_{fileno(err_)};
  Session session_{connection_, {}, session_output_, error_output_, interrupts_};
  MetaCommands commands_{session_, FlagsOf("http://service:81/db")};
};

TEST_F(MetaCommandsTest, ShortFormsOfStatements) {
  for (const char* line : {"\\l", " \\dn ", "\\dt;", "\\d", "\\d a.\"b c\" ;", "\\c sales"}) {
    EXPECT_TRUE(MetaCommands::Is(line));
    EXPECT_TRUE(Run(line));
  }
  EXPECT_THAT(sent_, ElementsAre("show databases;", "show schemas;", "show tables;", "show tables;",
                                 "show table a.\"b c\";", "use sales;"));
}

TEST_F(MetaCommandsTest, StatementsAreNone) {
  for (const char* line : {"", "select '\\l'", "-- \\l"}) EXPECT_FALSE(MetaCommands::Is(line));
}

TEST_F(MetaCommandsTest, QuitEnds) {
  EXPECT_TRUE(Run("\\q now"));
  EXPECT_EQ(err(), "error: \\q takes no argument: found 'now'\n");
  EXPECT_FALSE(Run("\\q"));
}

TEST_F(MetaCommandsTest, SuggestsSimilarCommands) {
  EXPECT_TRUE(Run("\\tming"));
  EXPECT_EQ(err(),
            "error: unknown command \\tming; did you mean \\timing?; \\? shows all commands\n");
  EXPECT_EQ(MetaCommands::DidYouMean("conn"), "; did you mean \\conninfo?");
  EXPECT_EQ(MetaCommands::DidYouMean("fromat"), "; did you mean \\format?");
  EXPECT_EQ(MetaCommands::DidYouMean("dx"), "; did you mean \\dn?");
  EXPECT_EQ(MetaCommands::DidYouMean("COPY"), "; did you mean \\copy?");
  EXPECT_EQ(MetaCommands::DidYouMean("D"), "; did you mean \\d?");
  EXPECT_EQ(MetaCommands::DidYouMean("z"), "");
  EXPECT_EQ(MetaCommands::DidYouMean("nothing"), "");
  EXPECT_THAT(sent_, IsEmpty());
}

TEST_F(MetaCommandsTest, RedirectsResultsToFile) {
  Run("\\o " + name_);
  Run("\\l");
  Run("\\o");
  Run("\\dt");
  EXPECT_EQ(ReadFile(), "data\n");
  EXPECT_EQ(out(), "data\n");
  Run("\\o /no/such/place");
  EXPECT_EQ(err(), "error: cannot write /no/such/place: No such file or directory\n");
}

TEST_F(MetaCommandsTest, AFileRuns) {
  std::FILE* file = std::fopen(name_.c_str(), "w");
  std::fputs("a;\nb;", file);
  std::fclose(file);
  Run("\\i " + name_);
  EXPECT_THAT(sent_, ElementsAre("a;", "b;"));
  Run("\\i");
  EXPECT_EQ(err(), "error: \\i needs an argument: FILE\n");
}

TEST_F(MetaCommandsTest, FileNamesMayBeQuoted) {
  const std::string name = name_ + " it's";
  const std::string quoted = "'" + name_ + " it''s'";
  Run("\\o " + quoted + " ;");
  Run("\\echo a;");
  Run("\\o");
  Run("\\i " + quoted);
  commands_.prompt().buffer = {"b", {}};
  Run("\\g " + quoted);
  std::remove(name.c_str());
  EXPECT_THAT(sent_, ElementsAre("a;", "b;"));
  EXPECT_EQ(err(), "");
  for (const char* mistake : {"'a", "'a' b", "''", "'"}) {
    EXPECT_EQ(MetaCommands::MistakeIn(std::string("\\g ") + mistake),
              std::string("\\g: found '") + mistake + "', expected one file name in single quotes");
  }
}

TEST_F(MetaCommandsTest, FormsOfResults) {
  Run("\\format csv");
  EXPECT_EQ(session_.settings().format, Format::kCsv);
  Run("\\x");
  EXPECT_EQ(session_.settings().format, Format::kExpanded);
  Run("\\x");
  EXPECT_EQ(session_.settings().format, Format::kCsv);
  Run("\\x auto");
  EXPECT_EQ(session_.settings().format, Format::kAuto);
  Run("\\x on");
  EXPECT_EQ(session_.settings().format, Format::kExpanded);
  Run("\\x off");
  EXPECT_EQ(session_.settings().format, Format::kCsv);
  EXPECT_EQ(end_.code, ExitCode::kOk);
  Run("\\x perhaps");
  EXPECT_THAT(err(), HasSubstr("error: found 'perhaps', expected on, off or auto\n"));
  EXPECT_EQ(end_.code, ExitCode::kStatementFailed);
  Run("\\format xml");
  EXPECT_EQ(session_.settings().format, Format::kCsv);
  EXPECT_THAT(err(), HasSubstr("error: found 'xml', expected one of tql, aligned, box, expanded"));
}

TEST_F(MetaCommandsTest, WhatIsSet) {
  EXPECT_TRUE(Run("\\set null_string 'a b '"));
  EXPECT_EQ(session_.settings().style.null_text, "a b ");
  EXPECT_TRUE(Run("\\set field-separator ';'"));
  EXPECT_EQ(session_.settings().style.field_separator, ";");
  EXPECT_TRUE(Run("\\set skip_cache"));
  EXPECT_EQ(session_.settings().statement.skip_cache, true);
  EXPECT_TRUE(Run("\\set skip_cache=off"));
  EXPECT_EQ(session_.settings().statement.skip_cache, false);
  EXPECT_TRUE(Run("\\set pagination_size"));
  EXPECT_TRUE(Run("\\set pagination_size 12"));
  EXPECT_TRUE(Run("\\set size"));
  EXPECT_TRUE(Run("\\set size many"));
  EXPECT_TRUE(Run("\\set nonsense 1"));
  EXPECT_EQ(err(),
            "pagination_size is not set\npagination_size = 12\n"
            "error: found 'many', expected a whole number\n"
            "error: unknown setting nonsense; \\set shows all settings\n");
  EXPECT_TRUE(Run("\\set"));
  for (const Setting& setting : AllSettings()) {
    EXPECT_THAT(err(), HasSubstr("\n" + std::string(setting.name) + " "));
  }
}

TEST(PagerTest, CountsWrappedLines) {
  EXPECT_EQ(ScreenLines("", 10), 0U);
  EXPECT_EQ(ScreenLines("a\n\nb\n", 10), 3U);
  EXPECT_EQ(ScreenLines("0123456789\n", 10), 1U);
  EXPECT_EQ(ScreenLines("0123456789a\nb", 10), 3U);
}

TEST_F(MetaCommandsTest, TheTimeOfStatements) {
  Run("\\timing");
  Run("\\l");
  Run("\\timing");
  Run("\\l");
  EXPECT_THAT(err(), testing::MatchesRegex("Timing is on.\nTime: .* ms\nTiming is off.\n"));
}

TEST_F(MetaCommandsTest, ShowsAndClearsInput) {
  commands_.prompt().buffer = {"select 1", {}};
  Run("\\p");
  Run("\\r");
  Run("\\p");
  EXPECT_EQ(err(), "select 1\n");
  EXPECT_EQ(commands_.prompt().buffer.text, "");
  Run("\\echo 'a  b'");
  EXPECT_EQ(out(), "a  b\n");
}

TEST_F(MetaCommandsTest, TheConnection) {
  connection_.client.set_context({"sales", "s", 1});
  Run("\\conninfo");
  EXPECT_EQ(err(), "http://service:81, user ann, database sales.\n");
}

TEST_F(MetaCommandsTest, FailedConnectKeepsConnection) {
  setenv("TQL_PASSWORD", "x", 1);
  Run("\\c http://127.0.0.1:1");
  unsetenv("TQL_PASSWORD");
  EXPECT_THAT(err(), HasSubstr("Connection refused"));
  EXPECT_EQ(end_.code, ExitCode::kNoConnection);
  Run("\\l");
  EXPECT_THAT(sent_, ElementsAre("show databases;"));
}

TEST_F(MetaCommandsTest, HelpListsAllCommands) {
  const std::string help = MetaCommands::Help();
  for (const char* text :
       {"\\l ", "\\dn ", "\\dt ", "\\d [TABLE] ", "\\c URL|DATABASE ", "\\i FILE ", "\\o [FILE] ",
        "\\x ", "\\timing ", "\\format [FORMAT] ", "\\conninfo ", "\\q ", "\\? "}) {
    EXPECT_THAT(help, HasSubstr(text));
  }
}

}  // namespace
}  // namespace tql::shell
