#include "tools/tqlconform/server/target.h"

#include <gtest/gtest.h>

namespace tqlconform {
namespace {

TEST(TargetTest, UrlsOfEachTransport) {
  struct Case {
    const char* url;
    confpb::Transport transport;
    const char* name;
    const char* origin;
  };
  const Case kCases[] = {
      {"http://127.0.0.1:8080", confpb::HTTP, "http", "http://127.0.0.1:8080"},
      {"https://h", confpb::HTTPS, "https", "https://h:443"},
      {"https://user@[::1]:9/db", confpb::HTTPS, "https", "https://[::1]:9"},
      {"http://h:1?transport=grpc", confpb::GRPC, "grpc", "http://h:1?transport=grpc"},
      {"tql://h:1?transport=grpc", confpb::GRPC, "grpc", "https://h:1?transport=grpc"},
  };
  for (const Case& c : kCases) {
    const auto target = Target::Parse(c.url, {});
    ASSERT_TRUE(target.ok()) << target.status();
    EXPECT_EQ(c.transport, (*target)->transport()) << c.url;
    EXPECT_EQ(c.name, (*target)->name()) << c.url;
    EXPECT_EQ(c.origin, (*target)->origin()) << c.url;
  }
}

TEST(TargetTest, WhatIsNotTheUrlOfOneServer) {
  for (const char* url : {"", "ftp://h", "http://u:p@h", "https://a,b", "http://h:99999"}) {
    EXPECT_FALSE(Target::Parse(url, {}).ok()) << url;
  }
}

TEST(TargetTest, BodiesOfRequests) {
  confpb::Step step;
  step.set_query("select \"a\";");
  step.add_answers("q=1=yes");
  step.set_options(R"({"format_output":true})");
  EXPECT_EQ(
      R"({"context":{"database":"d"},"options":{"format_output":true},)"
      R"("query":{"statement":"select \"a\";",)"
      R"("prompt_responses":[{"question_id":"q","answer":"1=yes"}]}})",
      RequestBody({.step = &step, .cookie = "", .context = R"({"database":"d"})", .deadline = {}}));
  step.set_script("a;\nb;");
  step.clear_options();
  EXPECT_EQ(R"({"script_type":1,"script":"a;\nb;"})",
            RequestBody({.step = &step, .cookie = "", .context = "", .deadline = {}}));
}

}  // namespace
}  // namespace tqlconform
