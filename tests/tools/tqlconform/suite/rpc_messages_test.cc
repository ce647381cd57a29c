#include "tools/tqlconform/suite/rpc_messages.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

namespace tqlconform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

confpb::Rpc Check(const char* request) {
  confpb::Rpc rpc;
  rpc.set_method("grpc.health.v1.Health/Check");
  if (*request != '\0') rpc.add_request(request);
  return rpc;
}

TEST(RpcMessagesTest, RequestsAreSerialised) {
  const auto messages = MessagesOf(Check(R"({"service":"ab"})"));
  ASSERT_TRUE(messages.ok()) << messages.status();
  EXPECT_EQ("/grpc.health.v1.Health/Check", messages->path);
  EXPECT_THAT(messages->requests, ElementsAre("\x0a\x02"
                                              "ab"));  // Field 1, two bytes.
  EXPECT_EQ("grpc.health.v1.HealthCheckResponse", messages->response->full_name());
  EXPECT_EQ(messages->response, NewMessage(messages->response)->GetDescriptor());
}

TEST(RpcMessagesTest, WithoutRequestsAnEmptyOneIsSent) {
  const auto messages = MessagesOf(Check(""));
  ASSERT_TRUE(messages.ok()) << messages.status();
  EXPECT_THAT(messages->requests, ElementsAre(""));
}

TEST(RpcMessagesTest, Mistakes) {
  EXPECT_THAT(MessagesOf(Check("{")).status().message(), HasSubstr("line 1, column 2"));
  for (const char* const method : {"", "a", "a.B/C", "grpc.health.v1.Health.Check",
                                   "grpc/health/v1/Health/Check", "/grpc.health.v1.Health/Check"}) {
    confpb::Rpc rpc;
    rpc.set_method(method);
    EXPECT_THAT(MessagesOf(rpc).status().message(), HasSubstr("expected a method like")) << method;
  }
}

}  // namespace
}  // namespace tqlconform
