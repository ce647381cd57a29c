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

TEST(CallGateTest, RejectsCallsWhenClosed) {
  CallGate gate;
  CutCall first;
  CutCall second;
  ASSERT_EQ(gate.Enter(first), Status());
  gate.Leave(first);
  gate.Close(steady_clock::now() + hours(1));  // There is no call to wait for.
  EXPECT_EQ(gate.Enter(second).code(), StatusCode::kUnavailable);
  gate.Close(steady_clock::now() + hours(1));
}

TEST(CallGateTest, LimitsConcurrentCalls) {
  CallGate gate;
  CutCall calls[3];
  ASSERT_EQ(gate.Enter(calls[0], 2), Status());
  ASSERT_EQ(gate.Enter(calls[1], 2), Status());
  EXPECT_EQ(gate.Enter(calls[2], 2),
            ResourceExhaustedError("too many calls are under way: found 2, the limit is 2"));
  gate.Leave(calls[0]);
  EXPECT_EQ(gate.Enter(calls[2], 2), Status());
  ASSERT_EQ(gate.Enter(calls[0]), Status());  // A call that is not limited.
  for (CutCall& call : calls) gate.Leave(call);
}

TEST(CallGateTest, DoesNotInterruptCallsThatEndInTime) {
  CallGate gate;
  CutCall call;  // Its promise would throw on a second cut.
  ASSERT_EQ(gate.Enter(call), Status());
  std::thread other([&] { gate.Leave(call); });
  gate.Close(steady_clock::now() + hours(1), [] { ADD_FAILURE() << "nobody is to be cut"; });
  other.join();
  call.Cut();
}

TEST(CallGateTest, CutsRemainingCalls) {
  CallGate gate;
  CutCall call;
  ASSERT_EQ(gate.Enter(call), Status());
  bool left = false;
  std::thread other([&] {
    call.WaitForCut();
    left = true;
    gate.Leave(call);
  });
  bool called = false;
  gate.Close(steady_clock::now(), [&] { called = true; });
  EXPECT_TRUE(left);
  EXPECT_TRUE(called);
  other.join();
}

}  // namespace
}  // namespace tql::frontend
