#include "mockserver/frontend/call_gate.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace tql::frontend {
namespace {

using std::chrono::hours;
using std::chrono::steady_clock;

/// Leaves when it is cut.
class CutCall : public CallGate::Call {
 public:
  void Cut() override { cut_.set_value(); }
  void WaitForCut() { cut_.get_future().wait(); }

 private:
  std::promise<void> cut_;
};

TEST(CallGateTest, ClosedItLetsNobodyIn) {
  CallGate gate;
  CutCall first;
  CutCall second;
  ASSERT_TRUE(gate.Enter(first));
  gate.Leave(first);
  gate.Close(steady_clock::now() + hours(1));  // nobody is there to wait for
  EXPECT_FALSE(gate.Enter(second));
  gate.Close(steady_clock::now() + hours(1));
}

TEST(CallGateTest, WhoLeavesInTimeIsNotCut) {
  CallGate gate;
  CutCall call;  // its promise would complain of a second cut
  ASSERT_TRUE(gate.Enter(call));
  std::thread other([&] { gate.Leave(call); });
  gate.Close(steady_clock::now() + hours(1));
  other.join();
  call.Cut();
}

TEST(CallGateTest, WhoStaysIsCutAndWaitedFor) {
  CallGate gate;
  CutCall call;
  ASSERT_TRUE(gate.Enter(call));
  bool left = false;
  std::thread other([&] {
    call.WaitForCut();
    left = true;
    gate.Leave(call);
  });
  gate.Close(steady_clock::now());
  EXPECT_TRUE(left);
  other.join();
}

}  // namespace
}  // namespace tql::frontend
