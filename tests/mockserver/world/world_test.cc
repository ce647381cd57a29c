// The form of worlds is documented in proto/tql/world.proto.
#include "mockserver/world/world.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace tql::world {
namespace {

using testing::TestWithParam;

const std::vector<Account> kAccounts = {{"tsadmin", "00000000-0000-5000-a000-000000000001", true},
                                        {"reader", "00000000-0000-5000-a000-000000000002", false}};

std::shared_ptr<const World> Read(std::string_view text) {
  const auto world = World::Read(text, kAccounts);
  EXPECT_EQ(world.status(), Status());
  return world.ok() ? *world : nullptr;
}

TEST(WorldTest, HasSystemObjectsAndAccounts) {
  const auto world = Read("{}");
  ASSERT_TRUE(world);
  for (const char* const name : {"su", "system", "guest", "tsadmin", "reader"}) {
    EXPECT_TRUE(world->FindName(Kind::kUser, name)) << name;
  }
  for (const char* const name : {"Administrator", "All", "System"}) {
    EXPECT_TRUE(world->FindName(Kind::kGroup, name)) << name;
  }
  const Header& admin = *world->FindName(Kind::kUser, "tsadmin");
  EXPECT_EQ(admin.id, "00000000-0000-5000-a000-000000000001");
  EXPECT_EQ(admin.type, "LOCAL_USER");
  EXPECT_EQ(admin.created, 1354006445722);
  EXPECT_TRUE(world->MembershipOf(admin).is_administrator());
  EXPECT_TRUE(world->MembershipOf(*world->FindName(Kind::kUser, "reader")).privileges.empty());
  EXPECT_EQ(world->message().org(0).name(), "Primary");
}

TEST(WorldTest, ReadsTheDefault) { EXPECT_TRUE(Read(DefaultWorld())); }

TEST(WorldTest, IsTheSameWhenItIsReadAgain) {
  const auto world = Read(DefaultWorld());
  ASSERT_TRUE(world);
  const auto again = World::Read(DefaultWorld(), kAccounts);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(world->message().SerializeAsString(), (*again)->message().SerializeAsString());
}

TEST(WorldTest, ObjectsBelongToTheirOrgsOrToAll) {
  const auto world = Read(R"(
org: [{id: 0, name: Primary}, {id: 7, name: Sales}]
tag: [{name: everywhere}, {name: there, org: [Sales]}]
)");
  ASSERT_TRUE(world);
  const auto& orgs = world->message().org();
  const Header& everywhere = *world->FindName(Kind::kTag, "everywhere");
  const Header& there = *world->FindName(Kind::kTag, "there");
  EXPECT_TRUE(everywhere.BelongsTo(orgs[0]) && everywhere.BelongsTo(orgs[1]));
  EXPECT_FALSE(there.BelongsTo(orgs[0]));
  EXPECT_TRUE(there.BelongsTo(orgs[1]));
}

TEST(WorldTest, ChangesMakeAnotherWorldForTheSameAccounts) {
  const auto world = Read("user: [{name: ann}]");
  ASSERT_TRUE(world);
  worldpb::World message = world->message();
  message.mutable_user()->erase(message.user().begin());
  const auto changed = world->With(message);
  ASSERT_EQ(changed.status(), Status());
  EXPECT_EQ((*changed)->FindName(Kind::kUser, "ann"), nullptr);
  EXPECT_TRUE((*changed)->IsPermanent(*(*changed)->FindName(Kind::kUser, "tsadmin")));
  EXPECT_TRUE(world->FindName(Kind::kUser, "ann"));
  EXPECT_FALSE(world->IsPermanent(*world->FindName(Kind::kUser, "ann")));
  message.add_group()->set_name("All");
  EXPECT_EQ(world->With(message).status().message(),
            "group[3].name: \"All\" is the name of group[1], too");
}

TEST(WorldTest, GroupsPassTheirPrivilegesOn) {
  const auto world = Read(R"(
group:
- {name: outer, privilege: [DEVELOPER]}
- {name: inner, group: [outer], privilege: [AUTHORING]}
user:
- {name: ann, group: [inner], privilege: [BYPASSRLS]}
)");
  ASSERT_TRUE(world);
  const Membership& ann = world->MembershipOf(*world->FindName(Kind::kUser, "ann"));
  EXPECT_EQ(ann.privileges, (std::vector<std::string>{"AUTHORING", "BYPASSRLS", "DEVELOPER"}));
  std::vector<std::string> direct;
  for (const std::size_t group : ann.direct) {
    direct.push_back(world->All(Kind::kGroup)[group].name);
  }
  EXPECT_EQ(direct, (std::vector<std::string>{"inner", "All"}));
  EXPECT_EQ(ann.all.size(), 3);
}

TEST(WorldTest, PrivilegesAgreeWithAccounts) {
  const auto world = Read(R"(
user:
- {name: reader, privilege: [ADMINISTRATION, AUTHORING]}
- {name: tsadmin, privilege: [AUTHORING]}
)");
  ASSERT_TRUE(world);
  EXPECT_EQ(world->MembershipOf(*world->FindName(Kind::kUser, "reader")).privileges,
            std::vector<std::string>{"AUTHORING"});
  EXPECT_EQ(world->MembershipOf(*world->FindName(Kind::kUser, "tsadmin")).privileges,
            (std::vector<std::string>{"AUTHORING", "DATAMANAGEMENT"}));
}

TEST(WorldTest, FindsByIdInAnyCase) {
  const auto world = Read("liveboard: [{name: a, id: 0AAAAAAA-0000-4000-8000-00000000000A}]");
  ASSERT_TRUE(world);
  const Header* const found = world->Find(Kind::kLiveboard, "0aaaaaaa-0000-4000-8000-00000000000A");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "a");
  EXPECT_FALSE(world->Find(Kind::kAnswer, found->id));
}

struct Mistake {
  const char* name;
  const char* text;
  const char* error;
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
class WorldMistakeTest : public TestWithParam<Mistake> {};

TEST_P(WorldMistakeTest, NamesThePlace) {
  const auto world = World::Read(GetParam().text, kAccounts);
  ASSERT_FALSE(world.ok());
  EXPECT_EQ(world.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(world.status().message(), GetParam().error);
}

constexpr Mistake kMistakes[] = {
    {"Empty", "", "the document is empty"},
    {"List", "[]", "line 1, column 1: expected a map, found a list"},
    {"UnknownKey", "{users: []}",
     "line 1, column 2: unknown key \"users\"; known are cluster, org, group, user, tag, "
     "connection, "
     "table, answer, liveboard, role, config, thena"},
    {"WrongType", "user: [{name: a, inactive: maybe}]",
     "user[0].inactive: line 1, column 28: expected true or false, found \"maybe\""},
    {"ListOfWrongType", "user: [a]", "user[0]: line 1, column 8: expected a map, found \"a\""},
    {"NoName", "user:\n- mail: a@example.com\n", "user[0]: line 2, column 3: a user needs a name"},
    {"SameName", "tag:\n- name: a\n- name: a\n",
     "tag[1].name: line 3, column 9: \"a\" is the name of tag[0], too"},
    {"NotAGuid", "tag:\n- name: a\n  id: 12\n",
     "tag[0].id: line 3, column 7: expected a guid, found \"12\""},
    {"SameId",
     "tag: [{name: a, id: 00000000-0000-4000-8000-000000000001}]\n"
     "role: [{name: b, id: 00000000-0000-4000-8000-000000000001}]\n",
     "role[0].id: line 2, column 22: the id 00000000-0000-4000-8000-000000000001 is that of "
     "tag[0], too; without an id it is derived from the name"},
    {"SameDerivedId", "liveboard:\n- name: a\n- name: a\n",
     "liveboard[1].id: line 3, column 3: the id 01fa2092-011a-52f4-aa01-ec2e89977c03 is that of "
     "liveboard[0], too; without an id it is derived from the name"},
    {"UnknownGroup", "user: [{name: a, group: [b]}]",
     "user[0].group[0]: line 1, column 26: unknown group \"b\""},
    {"UnknownAuthor", "liveboard: [{name: a, author: b}]",
     "liveboard[0].author: line 1, column 31: unknown user \"b\""},
    {"UnknownTag", "liveboard: [{name: a, tag: [b]}]",
     "liveboard[0].tag[0]: line 1, column 29: unknown tag \"b\""},
    {"UnknownConnection", "table: [{name: a, connection: b}]",
     "table[0].connection: line 1, column 31: unknown connection \"b\""},
    {"UnknownPrivilege", "user: [{name: a, privilege: [FLYING]}]",
     "user[0].privilege[0]: line 1, column 30: expected a privilege such as ADMINISTRATION, found "
     "\"FLYING\""},
    {"GroupInItself", "group:\n- name: a\n  group: [a]\n",
     "group[0].group[0]: line 3, column 11: the group \"a\" would contain itself"},
    {"CycleOfGroups",
     "group:\n- {name: a, group: [b]}\n- {name: b, group: [c]}\n- {name: c, group: [a]}\n",
     "group[2].group[0]: line 4, column 21: the group \"a\" would contain itself"},
    {"TypeOfUser", "user: [{name: a, type: LOCAL_GROUP}]",
     "user[0].type: line 1, column 24: expected a type that ends in _USER, found \"LOCAL_GROUP\""},
    {"Times", "tag: [{name: a, created: 2024-01-02T00:00:00Z, modified: 2024-01-01T00:00:00Z}]",
     "tag[0].modified: line 1, column 58: the object was modified before it was created"},
    {"ConfigOfAnotherForm", "config: {info: '[]'}",
     "config.info: line 1, column 16: expected an object of JSON"},
    {"ContentOfAnotherForm", "user: [{name: a, content: '[]'}]",
     "user[0].content: line 1, column 27: expected an object of JSON"},
    {"ContentThatIsNotJson", "user: [{name: a, content: '{'}]",
     "user[0].content: line 1, column 27: in its text, line 1, column 2: found the end, "
     "expected a key in double quotes"},
    {"SameOverride", "config: {override: [{key: a}, {key: a}]}",
     "config.override[1].key: line 1, column 37: \"a\" occurs twice"},
    {"SameOrg", "org: [{id: 1, name: a}, {id: 1, name: b}]",
     "org[1].id: line 1, column 30: another org has the id 1"},
    {"UnknownOrg", "tag: [{name: a, org: [b]}]",
     "tag[0].org[0]: line 1, column 23: unknown org \"b\""},
    {"UnknownHomeLiveboard",
     "user: [{name: a, home_liveboard: 00000000-0000-4000-8000-000000000001}]",
     "user[0].home_liveboard: line 1, column 34: unknown Liveboard "
     "\"00000000-0000-4000-8000-000000000001\""},
    {"CycleOfAliases", "user: &a [*a]", "line 1, column 11: an alias of a node that contains it"},
};

INSTANTIATE_TEST_SUITE_P(All, WorldMistakeTest, testing::ValuesIn(kMistakes),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WorldTest, BoundsTheGroupsOfAGroup) {
  std::string text = "group:\n- name: g0\n";
  for (int i = 1; i < 20'000; ++i) {
    text += "- {name: g" + std::to_string(i) + ", group: [g" + std::to_string(i - 1) + "]}\n";
  }
  const auto world = World::Read(text, kAccounts);
  ASSERT_FALSE(world.ok());
  EXPECT_EQ(world.status().message(),
            "group[257]: line 259, column 3: belongs to more than 256 groups");
}

}  // namespace
}  // namespace tql::world
