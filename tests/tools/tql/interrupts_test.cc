#include "tools/tql/interrupts.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <stop_token>
#include <thread>

namespace tql::shell {
namespace {

class InterruptsTest : public testing::Test {
 protected:
  InterruptsTest() { pthread_sigmask(SIG_SETMASK, nullptr, &before_); }
  // Interrupts blocks SIGINT for the rest of the process.
  ~InterruptsTest() override { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  static void Interrupt() { kill(getpid(), SIGINT); }
  static bool IsReadable(int fd, int milliseconds) {
    pollfd wait{fd, POLLIN, 0};
    return poll(&wait, 1, milliseconds) > 0;
  }

 private:
  sigset_t before_{};
};

constexpr int kPatience = 60'000;  // milliseconds

TEST_F(InterruptsTest, CancelsTheStatementThatRuns) {
  Interrupts interrupts;
  interrupts.SetPrompting(true);
  const std::stop_token stop = interrupts.BeginStatement();
  EXPECT_FALSE(stop.stop_requested());
  Interrupt();
  while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(interrupts.EndStatement());
  EXPECT_FALSE(IsReadable(interrupts.fd(), 0));
}

TEST_F(InterruptsTest, WakesThePrompt) {
  Interrupts interrupts;
  interrupts.SetPrompting(true);
  Interrupt();
  EXPECT_TRUE(IsReadable(interrupts.fd(), kPatience));
  EXPECT_TRUE(interrupts.Drain());
  EXPECT_FALSE(interrupts.Drain());
  EXPECT_FALSE(interrupts.BeginStatement().stop_requested());
}

// The prompt has read the statement, but the statement has not begun.
TEST_F(InterruptsTest, CancelsTheStatementThatIsAboutToRun) {
  Interrupts interrupts;
  interrupts.SetPrompting(true);
  Interrupt();
  ASSERT_TRUE(IsReadable(interrupts.fd(), kPatience));
  EXPECT_TRUE(interrupts.BeginStatement().stop_requested());
  EXPECT_TRUE(interrupts.EndStatement());
  EXPECT_FALSE(IsReadable(interrupts.fd(), 0)) << "the next prompt is interrupted as well";
  EXPECT_FALSE(interrupts.BeginStatement().stop_requested());
}

}  // namespace
}  // namespace tql::shell
