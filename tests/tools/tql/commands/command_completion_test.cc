#include "tools/tql/commands/command_completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace tql::shell {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class CommandCompletionTest : public testing::Test {
 protected:
  CommandCompletionTest() { names_.SetNames({"store", "Sales", "two words"}); }
  std::vector<std::string> At(const std::string& line) const {
    return CompleteCommand(line, names_).candidates;
  }

  Completer names_;
};

TEST_F(CommandCompletionTest, Commands) {
  EXPECT_THAT(At("\\d"), ElementsAre("d", "dn", "dt"));
  EXPECT_THAT(At("  \\conn"), ElementsAre("conninfo"));
  EXPECT_THAT(At("\\nothing"), IsEmpty());
}

TEST_F(CommandCompletionTest, TablesAndDatabases) {
  EXPECT_THAT(At("\\d s"), ElementsAre("Sales", "store"));
  EXPECT_THAT(At("\\d   st"), ElementsAre("store"));
  EXPECT_THAT(At("\\d \"two w"), ElementsAre("two words\""));
  EXPECT_THAT(At("\\c st"), ElementsAre("store"));
}

TEST_F(CommandCompletionTest, SettingsAndTheirValues) {
  EXPECT_THAT(At("\\set skip"), ElementsAre("skip_cache"));
  EXPECT_THAT(At("\\set skip_cache t"), ElementsAre("true"));
  EXPECT_THAT(At("\\set format exp"), ElementsAre("expanded"));
  EXPECT_THAT(At("\\set color a"), ElementsAre("always", "auto"));
  EXPECT_THAT(At("\\set nothing "), IsEmpty());
}

TEST_F(CommandCompletionTest, WordsOfTheCommand) {
  EXPECT_THAT(At("\\format ver"), ElementsAre("vertical"));
  EXPECT_THAT(At("\\x "), ElementsAre("auto", "off", "on"));
  EXPECT_THAT(At("\\timing o"), ElementsAre("off", "on"));
  EXPECT_THAT(At("\\q "), IsEmpty());
}

TEST_F(CommandCompletionTest, EachPartOfCopy) {
  EXPECT_THAT(At("\\copy s"), ElementsAre("Sales", "store"));
  EXPECT_THAT(At("\\copy store "), ElementsAre("from", "to"));
  EXPECT_THAT(At("\\copy (select * from s"), ElementsAre("Sales", "store"));
  EXPECT_THAT(At("\\copy (select 1, 2) t"), ElementsAre("to"));
  EXPECT_THAT(At("\\copy store to prog"), ElementsAre("program"));
  EXPECT_THAT(At("\\copy store to x.csv "), ElementsAre("csv"));
  EXPECT_THAT(At("\\copy store to x.csv csv "), IsEmpty());
}

TEST_F(CommandCompletionTest, Files) {
  char name[] = "/tmp/command_completion_XXXXXX";
  ASSERT_NE(mkdtemp(name), nullptr);
  const std::string folder = name;
  std::filesystem::create_directory(folder + "/sub");
  for (const char* file : {"/script.tql", "/.hidden", "/bad\x1b[m"}) std::ofstream(folder + file);
  EXPECT_THAT(At("\\i " + folder + "/s"), ElementsAre(folder + "/script.tql", folder + "/sub/"));
  EXPECT_THAT(At("\\i " + folder + "/"), ElementsAre(folder + "/script.tql", folder + "/sub/"));
  EXPECT_THAT(At("\\i " + folder + "/.h"), ElementsAre(folder + "/.hidden"));
  EXPECT_THAT(At("\\o " + folder + "/script.tq"), ElementsAre(folder + "/script.tql"));
  EXPECT_THAT(At("\\copy store from " + folder + "/sc"), Contains(folder + "/script.tql"));
  EXPECT_THAT(At("\\i " + folder + "/none/"), IsEmpty());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tql::shell
