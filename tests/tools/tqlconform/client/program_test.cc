#include "tools/tqlconform/client/program.h"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace tqlconform {
namespace {

using namespace std::chrono_literals;
using End = Program::End;
using Until = Program::Until;

class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  static Program::Output Run(const std::string& script, std::string_view input, Until until,
                             std::chrono::milliseconds time = 60s) {
    const auto program = Program::Start({"/bin/sh", "-c", script}, {"NAME=value"});
    if (!program.ok()) return {.text = program.status().message()};
    return (*program)->Converse(input, until, std::chrono::steady_clock::now() + time, {});
  }
};

TEST_F(ProgramTest, ReadsOutputAndStatus) {
  const auto output = Run("cat; echo \"$NAME\" >&2; exit 3", "hello\n", Until::kEnd);
  EXPECT_EQ(output.end, End::kExited);
  EXPECT_EQ(output.text, "hello\n");
  EXPECT_EQ(output.errors, "value\n");
  EXPECT_EQ(output.status, 3);
  EXPECT_EQ(EndOf(output), "exited with status 3");
}

TEST_F(ProgramTest, ConversesLineByLine) {
  const auto program = Program::Start({"/bin/sh", "-c", "while read x; do echo got $x; done"}, {});
  ASSERT_TRUE(program.ok());
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  EXPECT_EQ((*program)->Converse("a\n", Until::kLine, deadline, {}).text, "got a");
  EXPECT_EQ((*program)->Converse("b\n", Until::kLine, deadline, {}).text, "got b");
}

TEST_F(ProgramTest, InputThatNobodyReadsDoesNotBlock) {
  const auto output = Run("exec <&-; echo done", std::string(1 << 20, 'x'), Until::kEnd);
  EXPECT_EQ(output.end, End::kExited);
  EXPECT_EQ(output.text, "done\n");
  EXPECT_FALSE(output.took_all_input);
}

TEST_F(ProgramTest, TimeIsBounded) {
  EXPECT_EQ(Run("exec sleep 1000", "", Until::kEnd, 20ms).end, End::kTimeout);
  EXPECT_EQ(Run("echo no line end | tr -d '\\n'; exec sleep 1000", "", Until::kLine, 200ms).end,
            End::kTimeout);
}

TEST_F(ProgramTest, OutputIsBounded) {
  EXPECT_EQ(Run("exec cat /dev/zero", "", Until::kEnd).end, End::kTooMuch);
  EXPECT_EQ(Run("exec cat /dev/zero", "", Until::kLine).end, End::kTooMuch);
  const auto output = Run("head -c 1000000 /dev/zero >&2", "", Until::kEnd);
  EXPECT_EQ(output.end, End::kExited);
  EXPECT_LE(output.errors.size(), Program::kMostErrors + 65536);
}

TEST_F(ProgramTest, ChildrenThatKeepTheOutputOpenEndWithTheProgram) {
  const auto output = Run("sleep 1000 & echo $!", "", Until::kEnd);
  EXPECT_EQ(output.end, End::kExited);
  EXPECT_NE(kill(std::stoi(output.text), 0), 0);
}

TEST_F(ProgramTest, ChildrenInAnotherSessionEndWithTheProgram) {
  const auto output = Run("setsid sleep 1000 & echo $!", "", Until::kEnd);
  EXPECT_EQ(output.end, End::kExited);
  EXPECT_NE(kill(std::stoi(output.text), 0), 0);
  // The program has not ended itself.
  EXPECT_EQ(Run("setsid sleep 1000 & echo $!; sleep 1000", "", Until::kEnd, 200ms).end,
            End::kTimeout);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(ProgramTest, OrphansEndWithTheirProgramWhileOthersRun) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  const auto other = Program::Start(
      {"/bin/sh", "-c", "(setsid sleep 1000 & echo $!); while read x; do echo; done"}, {});
  ASSERT_TRUE(other.ok());
  const pid_t of_other = std::stoi((*other)->Converse("", Until::kLine, deadline, {}).text);
  const auto output = Run("(setsid sleep 1000 & echo $!)", "", Until::kEnd);
  EXPECT_NE(kill(std::stoi(output.text), 0), 0);
  EXPECT_EQ(kill(of_other, 0), 0);
}

TEST_F(ProgramTest, ClosedOutputIsNoLine) {
  EXPECT_EQ(Run("exec >&-; exec sleep 1000", "", Until::kLine).end, End::kClosed);
}

TEST_F(ProgramTest, AnExitSoonAfterTheOutputIsClosedIsAnExit) {
  const auto output = Run("exec >&-; sleep 0.2; exit 7", "", Until::kLine);
  EXPECT_EQ(output.end, End::kExited);
  EXPECT_EQ(output.status, 7);
}

TEST_F(ProgramTest, SignalsAreNamed) {
  EXPECT_EQ(EndOf(Run("kill -9 $$", "", Until::kEnd)), "was ended by signal 9 (Killed)");
}

TEST_F(ProgramTest, UnknownProgramIsAnError) {
  const auto program = Program::Start({"/nonexistent/program"}, {});
  ASSERT_FALSE(program.ok());
  EXPECT_NE(program.status().message().find("/nonexistent/program"), std::string::npos);
}

TEST_F(ProgramTest, AStopEndsTheConversation) {
  std::stop_source source;
  source.request_stop();
  const auto program = Program::Start({"/bin/sleep", "1000"}, {});
  ASSERT_TRUE(program.ok());
  const auto output = (*program)->Converse("", Until::kEnd, std::chrono::steady_clock::now() + 60s,
                                           source.get_token());
  EXPECT_EQ(output.end, End::kStopped);
}

}  // namespace
}  // namespace tqlconform
