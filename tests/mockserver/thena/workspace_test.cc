#include "mockserver/thena/workspace.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "proto/document/message_reader.h"

namespace tql::thena {
namespace {

using mockpb::ThenaWorld;
using std::chrono::system_clock;

constexpr system_clock::time_point kStart{std::chrono::seconds(1'700'000'000)};

StatusOr<std::shared_ptr<Workspace>> Make(std::string_view yaml) {
  ThenaWorld world;
  if (Status status = document::ReadMessage(yaml, &world); !status.ok()) return status;
  return Workspace::Create(std::move(world), /*seed=*/7, kStart);
}

Status ErrorOf(std::string_view yaml) { return Make(yaml).status(); }

const ThenaWorld::Request& RequestAt(const Workspace& workspace, std::size_t index) {
  return dynamic_cast<const ThenaWorld::Request&>(*workspace.requests().Get(index));
}

TEST(WorkspaceTest, TheDefaultWorldIsValid) {
  const auto workspace = Make(kDefaultWorld);
  ASSERT_EQ(workspace.status(), Status());
  EXPECT_GT((*workspace)->requests().size(), 0U);
  EXPECT_GT((*workspace)->users().size(), 0U);
  EXPECT_EQ((*workspace)->limiter(), nullptr);
  EXPECT_TRUE((*workspace)->accepts_cursor());
  EXPECT_FALSE((*workspace)->pages_of_users());
}

TEST(WorkspaceTest, AWorldMayBeEmpty) {
  const auto workspace = Make("{}");
  ASSERT_EQ(workspace.status(), Status());
  EXPECT_EQ((*workspace)->requests().size(), 0U);
  EXPECT_EQ((*workspace)->owner(), nullptr);
}

TEST(WorkspaceTest, ObjectsAreInTheOrderOfTheirCreation) {
  const auto workspace = Make(
      "request:\n"
      "- {original_message_text: third, created_at: 2024-01-03T00:00:00Z}\n"
      "- {original_message_text: first, created_at: 2024-01-01T00:00:00Z}\n"
      "- {original_message_text: second, created_at: 2024-01-01T00:00:00Z}\n");
  ASSERT_EQ(workspace.status(), Status());
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < (*workspace)->requests().size(); ++i) {
    texts.push_back(RequestAt(**workspace, i).original_message_text());
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"first", "second", "third"}));
}

TEST(WorkspaceTest, MissingFieldsHaveDefaults) {
  const auto workspace = Make("request: [{}, {created_at: 2024-01-03T00:00:00Z}]");
  ASSERT_EQ(workspace.status(), Status());
  const ThenaWorld::Request& request = RequestAt(**workspace, 0);
  EXPECT_EQ(request.created_at().seconds(), 1'700'000'000);
  EXPECT_EQ(request.updated_at().seconds(), 1'700'000'000);
  EXPECT_EQ(request.status(), "OPEN");
  EXPECT_EQ(request.source(), "MANUAL");
  EXPECT_EQ(request.id().substr(0, 8), "6553f100") << "1700000000 in hexadecimal digits";
  EXPECT_EQ((*workspace)->requests().Find(request.id()), 0U);
}

TEST(WorkspaceTest, TheFirstUserOfTheWorldOwnsTheToken) {
  const auto workspace = Make(
      "user: [{name: Ann, created_at: 2024-01-03T00:00:00Z}, "
      "{name: Bela, created_at: 2024-01-01T00:00:00Z}]");
  ASSERT_EQ(workspace.status(), Status());
  EXPECT_EQ(dynamic_cast<const ThenaWorld::User&>(*(*workspace)->owner()).name(), "Ann");
  EXPECT_NE((*Make("generate: {users: 3}"))->owner(), nullptr);
}

TEST(WorkspaceTest, GeneratedRequestsAreOlderThanTheOthers) {
  const auto workspace = Make(
      "generate: {requests: 10000, users: 100}\n"
      "request: [{id: 507f1f77bcf86cd799439011, created_at: 2020-01-01T00:00:00Z}]\n");
  ASSERT_EQ(workspace.status(), Status());
  EXPECT_EQ((*workspace)->requests().size(), 10'001U);
  EXPECT_EQ((*workspace)->requests().Find("507f1f77bcf86cd799439011"), 10'000U);
  EXPECT_LT(RequestAt(**workspace, 9999).created_at().seconds(),
            RequestAt(**workspace, 10'000).created_at().seconds());
  EXPECT_EQ((*workspace)->requests().Find((*workspace)->requests().IdOf(1234)), 1234U);
}

TEST(WorkspaceTest, ErrorsNameTheField) {
  EXPECT_EQ(ErrorOf("user: [{name: a}, {id: 507F1F77bcf86cd799439011}]"),
            InvalidArgumentError("user[1].id: found \"507F1F77bcf86cd799439011\", expected 24 "
                                 "lower-case hexadecimal digits"));
  EXPECT_EQ(ErrorOf("contact: [{id: 507f1f77bcf86cd799439011}, {id: 507f1f77bcf86cd799439011}]"),
            InvalidArgumentError("contact: two objects have the id 507f1f77bcf86cd799439011"));
  EXPECT_EQ(ErrorOf("request: [{id: 507f1f77bcf86cd799439011, sub_status: open}]"),
            InvalidArgumentError("request: the sub_status of 507f1f77bcf86cd799439011: found "
                                 "\"open\", expected the id of a sub_status"));
  EXPECT_EQ(ErrorOf("ticket: [{created_at: 1969-12-31T23:59:59Z}]"),
            InvalidArgumentError("ticket[0].created_at: found 1969-12-31T23:59:59Z, expected a "
                                 "time from 1970 to 2106"));
  EXPECT_EQ(ErrorOf("ticket: [{created_at: 2107-01-01T00:00:00Z}]"),
            InvalidArgumentError("ticket[0].created_at: found 2107-01-01T00:00:00Z, expected a "
                                 "time from 1970 to 2106"));
  EXPECT_EQ(ErrorOf("generate: {requests: 10000001}"),
            InvalidArgumentError("generate.requests: found 10000001, expected at most 10000000"));
  EXPECT_EQ(ErrorOf("generate: {users: 4294967295}"),
            InvalidArgumentError("generate.users: found 4294967295, expected at most 100000"));
  EXPECT_EQ(ErrorOf("rate_limit: {}"),
            InvalidArgumentError("rate_limit.requests: found 0, expected at least 1"));
}

TEST(WorkspaceTest, TheWindowIsPositiveAndAtMostADay) {
  for (const std::string window : {"0s", "86401s", "315576000000s"}) {
    EXPECT_EQ(ErrorOf("rate_limit: {requests: 1, window: " + window + "}"),
              InvalidArgumentError("rate_limit.window: found " + window +
                                   ", expected more than 0s and at most 86400s"));
  }
  EXPECT_EQ(ErrorOf("rate_limit: {requests: 1, window: 0.5s}"), Status());
  EXPECT_EQ(ErrorOf("rate_limit: {requests: 1, window: 86400s}"), Status());
}

TEST(WorkspaceTest, SettingsOfTheForm) {
  const auto workspace = Make(
      "{envelope: V3, cursor_parameter: NEXT_CURSOR, "
      "rate_limit: {requests: 60, retry_after: true}}");
  ASSERT_EQ(workspace.status(), Status());
  EXPECT_TRUE((*workspace)->pages_of_users());
  EXPECT_FALSE((*workspace)->accepts_cursor());
  EXPECT_EQ((*workspace)->limiter()->requests(), 60U);
  EXPECT_TRUE((*workspace)->sends_retry_after());
}

}  // namespace
}  // namespace tql::thena
