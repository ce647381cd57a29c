#include "tools/tqlconform/server/case_runner.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "proto/document/message_reader.h"

namespace tqlconform {
namespace {

/// Answers every call, and records whether an interrupt can end it.
class RecordingTarget : public Target {
 public:
  confpb::Transport transport() const override { return confpb::HTTP; }
  std::string name() const override { return "http"; }
  std::string origin() const override { return "http://h"; }
  std::string host() const override { return "h"; }
  std::unique_ptr<Caller> NewCaller() const override {
    return std::make_unique<Recorder>(can_be_interrupted);
  }

  mutable std::vector<bool> can_be_interrupted;

 private:
  class Recorder : public Caller {
   public:
    explicit Recorder(std::vector<bool>& calls) : calls_(calls) {}
    Answer Make(const Call& /*call*/, const Interrupt& interrupt) override {
      calls_.push_back(interrupt.token().stop_possible());
      Answer answer;
      answer.status = 200;
      return answer;
    }

   private:
    std::vector<bool>& calls_;
  };
};

/// For each step of a case.
std::vector<bool> CanBeInterrupted(std::string_view steps) {
  confpb::Case test;
  EXPECT_EQ(tql::document::ReadMessage(
                "{id: a/b, risk: READ_WRITE, step: " + std::string(steps) + "}", &test),
            tql::Status());
  const RecordingTarget target;
  const RunnerOptions options;
  const std::stop_source stop;
  const Interrupt interrupt(stop.get_token());
  Secrets secrets;
  CaseRunner runner(target, options, "d", interrupt, &secrets);
  runner.Run(test);
  return target.can_be_interrupted;
}

TEST(CaseRunnerTest, AnInterruptDoesNotEndWhatChangesSomething) {
  const std::vector<bool> kExpected = {true, false};
  EXPECT_EQ(CanBeInterrupted("[{query: select 1;}, {query: create table t (a int);}]"), kExpected);
  EXPECT_EQ(CanBeInterrupted("[{script: select 1;}, {script: drop table t;}]"), kExpected);
  EXPECT_EQ(CanBeInterrupted("[{http: {path: /q, body: select}}, {http: {path: /q, body: drop}}]"),
            kExpected);
  EXPECT_EQ(CanBeInterrupted("[{raw: 'GET / HTTP/1.1'}, {raw: 'POST / HTTP/1.1 drop table t;'}]"),
            kExpected);
  EXPECT_EQ(CanBeInterrupted("[{rpc: {method: a/b}}, {rpc: {method: a/b, request: [drop t]}}]"),
            kExpected);
}

}  // namespace
}  // namespace tqlconform
