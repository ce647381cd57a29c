#include "mockserver/thena/generator.h"

#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "mockserver/thena/object_json.h"
#include "proto/base/json_writer.h"
#include "proto/document/message_reader.h"

namespace tql::thena {
namespace {

using google::protobuf::util::TimeUtil;
using mockpb::ThenaWorld;

constexpr std::int64_t kBefore = 1'700'000'000'000;
constexpr std::int64_t kYear = 365LL * 24 * 3600 * 1000;

std::string JsonOf(const ObjectSource& source, std::size_t index) {
  std::string text;
  base::JsonWriter json(&text);
  AppendObject(*source.Make(index), json);
  return text;
}

/// Users and requests of one seed.
struct Sources {
  explicit Sources(std::uint64_t seed, std::size_t count = 1000, std::int64_t before = kBefore) {
    const Status status = document::ReadMessage(
        "sub_status: [{id: aaaaaaaaaaaaaaaaaaaaaaaa}]\n"
        "custom_field: [{name: Team, options: [{value: Core}, {value: Web}]}, {name: Note}]\n",
        &world);
    EXPECT_EQ(status, Status());
    const GeneratorOptions options{.count = count, .seed = seed, .before_ms = before};
    users.SetSource(MakeUserSource(options));
    requests = MakeRequestSource(options, users, world);
  }
  ThenaWorld world;
  ObjectList users;
  std::unique_ptr<const ObjectSource> requests;
};

TEST(GeneratorTest, TheSeedAndThePositionDetermineAnObject) {
  const Sources one(7);
  const Sources same(7);
  const Sources other(8);
  for (const std::size_t index : {0, 1, 500, 999}) {
    EXPECT_EQ(JsonOf(*one.requests, index), JsonOf(*same.requests, index));
    EXPECT_NE(JsonOf(*one.requests, index), JsonOf(*other.requests, index));
    EXPECT_NE(one.users.IdOf(index), other.users.IdOf(index));
  }
}

TEST(GeneratorTest, IdsAreFoundAndDiffer) {
  const Sources sources(7);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < sources.requests->size(); ++i) {
    const std::string id = sources.requests->IdOf(i);
    EXPECT_TRUE(ids.insert(id).second) << id;
    EXPECT_EQ(sources.requests->Find(id), i);
    EXPECT_FALSE(sources.users.Find(id)) << "it is the id of a request";
  }
  EXPECT_FALSE(sources.requests->Find("507f1f77bcf86cd799439011"));
  EXPECT_FALSE(sources.requests->Find(""));
}

TEST(GeneratorTest, TimesAreInOrderWithinTheYearBefore) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{1000}, kMostRequests}) {
    const Sources sources(7, count);
    const std::size_t step = std::max<std::size_t>(count / 500, 1);
    std::int64_t last = kBefore - kYear - 1;
    for (std::size_t i = 0; i < count; i += step) {
      const auto object = sources.requests->Make(i);
      const auto& request = dynamic_cast<const ThenaWorld::Request&>(*object);
      const std::int64_t created = TimeUtil::TimestampToMilliseconds(request.created_at());
      EXPECT_GT(created, last);
      EXPECT_LT(created, kBefore);
      EXPECT_GE(request.updated_at(), request.created_at());
      EXPECT_LE(TimeUtil::TimestampToMilliseconds(request.updated_at()), kBefore);
      EXPECT_EQ(request.id().substr(0, 4), sources.requests->IdOf(i).substr(0, 4));
      last = created;
    }
  }
}

TEST(GeneratorTest, NothingIsOlderThanTheYear1970) {
  const Sources sources(7, 1000, /*before=*/1000);
  const auto object = sources.requests->Make(0);
  const auto& request = dynamic_cast<const ThenaWorld::Request&>(*object);
  EXPECT_GE(TimeUtil::TimestampToMilliseconds(request.created_at()), 0);
}

TEST(GeneratorTest, RequestsReferToUsersSubstatusAndCustomFields) {
  const Sources sources(7);
  std::set<std::string> statuses;
  bool with_sub_status = false;
  bool without_sub_status = false;
  for (std::size_t i = 0; i < sources.requests->size(); ++i) {
    const auto object = sources.requests->Make(i);
    const auto& request = dynamic_cast<const ThenaWorld::Request&>(*object);
    statuses.insert(request.status());
    (request.has_sub_status() ? with_sub_status : without_sub_status) = true;
    EXPECT_EQ(request.sub_status(), request.has_sub_status() ? "aaaaaaaaaaaaaaaaaaaaaaaa" : "");
    EXPECT_TRUE(sources.users.Find(request.original_message_user_id()));
    ASSERT_EQ(request.custom_fields_size(), 1);
    ASSERT_EQ(request.custom_fields(0).values_size(), 1) << "only Team has options";
    EXPECT_EQ(request.custom_fields(0).values(0).name(), "Team");
  }
  EXPECT_TRUE(with_sub_status && without_sub_status);
  EXPECT_EQ(statuses.size(), 6U);
}

TEST(GeneratorTest, ThereNeedBeNoUsers) {
  const ObjectList users;
  const ThenaWorld world;
  const auto requests =
      MakeRequestSource({.count = 3, .seed = 1, .before_ms = kBefore}, users, world);
  const auto object = requests->Make(2);
  EXPECT_FALSE(dynamic_cast<const ThenaWorld::Request&>(*object).has_original_message_user_id());
}

}  // namespace
}  // namespace tql::thena
