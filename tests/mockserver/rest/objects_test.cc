// Names of fields, statuses and paging are those of the vendor's documentation and its clients.
#include "mockserver/rest/objects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "mockserver/rest/endpoint.h"
#include "mockserver/service/discarding_sink.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/world/attachment.h"

namespace tql::rest {
namespace {

const std::vector<world::Account> kAccounts = {
    {"tsadmin", "00000000-0000-5000-a000-000000000001", true}};

class ObjectsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto storage = storage::OpenSqlite({});
    ASSERT_TRUE(storage.ok());
    auto engine = engine::Engine::Create(*std::move(storage), engine::RandomGuidSource());
    ASSERT_TRUE(engine.ok());
    const auto world = world::World::Read(world::DefaultWorld(), kAccounts);
    ASSERT_TRUE(world.ok()) << world.status();
    const auto main = std::make_shared<space::Namespace>(
        std::string(space::kMain), *std::move(engine),
        std::make_shared<space::Environment>(space::kMain, engine::SystemClock(), 1),
        space::Namespace::Settings(), std::stop_token(),
        space::Attachments{std::make_shared<world::WorldAttachment>(*world),
                           std::make_shared<AuditLog>()});
    namespaces_ = std::make_unique<space::Namespaces>(main);
    service::Session session;
    session.user = std::make_shared<const service::User>(
        service::User{kAccounts[0].name, kAccounts[0].guid, true});
    session.space = std::make_shared<const std::string>(space::kMain);
    auto caller = CallerIn(*namespaces_, session, space::kMain);
    ASSERT_TRUE(caller.ok());
    caller_ = *std::move(caller);
    Execute("create database d");
    Execute("create table t (a int, b varchar(0))");
  }

  void Execute(const std::string& text) {
    const auto statement = dialect::ParseStatement(text);
    ASSERT_TRUE(statement.ok()) << statement.status();
    service::DiscardingSink sink;
    const engine::Context context{.database = "d", .schema = {}};
    ASSERT_EQ(caller_.space->engine().Execute({.text = text,
                                               .statement = *statement,
                                               .context = context,
                                               .options = {},
                                               .cancellation = {}},
                                              sink.BeginStatement({})),
              Status());
  }

  /// The body of an answer, or its error.
  std::string Call(std::string_view path, const Params& params) {
    const auto endpoint = std::ranges::find(V1Endpoints(), path, &Endpoint::path);
    const auto answer = endpoint->handle({.caller = caller_, .params = params, .path = {}});
    if (!answer.ok()) return std::string(answer.status().message());
    if (!answer->stream) return answer->body;
    std::string body;
    answer->stream([&](std::string_view piece) {
      body += piece;
      return true;
    });
    return body;
  }
  std::string Call(std::string_view path,
                   std::initializer_list<std::pair<const char*, const char*>> values) {
    Params params;
    for (const auto& [name, value] : values) params.Add(name, value);
    return Call(path, params);
  }

  std::unique_ptr<space::Namespaces> namespaces_;
  Caller caller_;
};

std::size_t CountOf(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

TEST_F(ObjectsTest, TablesOfTqlAreLogicalTables) {
  const std::string list = Call("metadata/list", {{"type", "LOGICAL_TABLE"}, {"pattern", "t"}});
  EXPECT_EQ(CountOf(list, R"("name":"t")"), 1) << list;
  EXPECT_NE(list.find(R"("type":"ONE_TO_ONE_LOGICAL")"), list.npos);
  const std::string columns = Call("metadata/list", {{"type", "LOGICAL_COLUMN"}, {"pattern", "b"}});
  EXPECT_EQ(CountOf(columns, R"("name":"b")"), 1) << columns;
}

TEST_F(ObjectsTest, PagesUntilTheLastBatch) {
  const std::string first = Call("metadata/list", {{"type", "TAG"}, {"batchsize", "2"}});
  EXPECT_EQ(CountOf(first, R"("generationNum")"), 2) << first;
  EXPECT_TRUE(first.ends_with(R"("isLastBatch":false,"debugInfo":{}})")) << first;
  const std::string second =
      Call("metadata/list", {{"type", "TAG"}, {"batchsize", "2"}, {"offset", "2"}});
  EXPECT_EQ(CountOf(second, R"("generationNum")"), 1) << second;
  EXPECT_TRUE(second.ends_with(R"("isLastBatch":true,"debugInfo":{}})"));
  EXPECT_EQ(Call("metadata/list", {{"type", "TAG"}, {"offset", "1000000000"}}),
            R"({"headers":[],"isLastBatch":true,"debugInfo":{}})");
}

TEST_F(ObjectsTest, Filters) {
  const auto count = [&](std::initializer_list<std::pair<const char*, const char*>> values) {
    return CountOf(Call("metadata/list", values), R"("generationNum")");
  };
  EXPECT_EQ(count({{"type", "PINBOARD_ANSWER_BOOK"}}), 2);
  EXPECT_EQ(count({{"type", "PINBOARD_ANSWER_BOOK"}, {"tagname", "['Finance']"}}), 1);
  EXPECT_EQ(count({{"type", "PINBOARD_ANSWER_BOOK"}, {"pattern", "%OVERVIEW"}}), 1);
  EXPECT_EQ(count({{"type", "PINBOARD_ANSWER_BOOK"}, {"category", "MY"}}), 0);
  EXPECT_EQ(count({{"type", "LOGICAL_TABLE"}, {"subtypes", "[WORKSHEET, USER_DEFINED]"}}), 2);
}

TEST_F(ObjectsTest, Sorts) {
  const std::string list =
      Call("metadata/list", {{"type", "TAG"}, {"sort", "NAME"}, {"sortascending", "false"}});
  EXPECT_LT(list.find("Retail"), list.find("Finance"));
  EXPECT_LT(list.find("Finance"), list.find("Draft"));
}

TEST_F(ObjectsTest, SortsByAuthor) {
  const std::string list =
      Call("metadata/list", {{"type", "PINBOARD_ANSWER_BOOK"}, {"sort", "AUTHOR"}});
  EXPECT_LT(list.find("Retail overview"), list.find("Targets"));  // ann.marsh, ben.okafor
  const std::string down =
      Call("metadata/list",
           {{"type", "PINBOARD_ANSWER_BOOK"}, {"sort", "AUTHOR"}, {"sortascending", "false"}});
  EXPECT_LT(down.find("Targets"), down.find("Retail overview"));
}

TEST_F(ObjectsTest, RejectsWrongParameters) {
  EXPECT_EQ(Call("metadata/list", {{"type", "NOTHING"}}), "type: unknown type \"NOTHING\"");
  EXPECT_EQ(Call("metadata/list", {{"type", "TAG"}, {"batchsize", "0"}}),
            "batchsize: expected -1 or a number from 1, found \"0\"");
  EXPECT_EQ(Call("metadata/list", {{"type", "TAG"}, {"tagname", "[\"a\""}}),
            "tagname: expected a list such as [\"a\",\"b\"], found \"[\"a\"\"");
  EXPECT_EQ(Call("metadata/list", {{"type", "TAG"}, {"sort", "COLOR"}}),
            "sort: unknown value \"COLOR\"");
}

TEST_F(ObjectsTest, AFilterHasNeitherSizeNorTitle) {
  const world::Header& board = caller_.world->All(world::Kind::kLiveboard)[0];
  const std::string rows = Call("metadata/listvizheaders", {{"id", board.id.c_str()}});
  EXPECT_EQ(CountOf(rows, R"("vizType")"), 4) << rows;
  EXPECT_EQ(CountOf(rows, R"("size")"), 3);
  EXPECT_EQ(CountOf(rows, R"("title":{"value":{"text":)"), 3);
}

TEST_F(ObjectsTest, WithoutAnIdListVizHeadersHasLiveboards) {
  EXPECT_EQ(CountOf(Call("metadata/listvizheaders", {}), R"("isAutoCreated":false)"), 2);
  caller_.strict = true;
  EXPECT_EQ(Call("metadata/listvizheaders", {}), "id: expected a guid, found nothing");
}

TEST_F(ObjectsTest, EndsWhenNobodyReads) {
  Answer answer = Streamed("[", 1'000'000, "]", [](std::size_t row, base::JsonWriter& json) {
    json.Integer(static_cast<std::int64_t>(row));
  });
  std::size_t pieces = 0;
  std::size_t largest = 0;
  answer.stream([&](std::string_view piece) {
    largest = std::max(largest, piece.size());
    return ++pieces < 3;
  });
  EXPECT_EQ(pieces, 3);
  EXPECT_LT(largest, std::size_t{66} << 10);
}

TEST(TypesTest, EveryPathIsServedOnce) {
  std::vector<std::string> paths;
  for (const auto endpoints : {V1Endpoints(), V2Endpoints()}) {
    for (const Endpoint& endpoint : endpoints) {
      for (const std::string& path : PathsOf(endpoint)) {
        paths.push_back(std::string(endpoint.method) + ' ' + path);
      }
    }
  }
  std::ranges::sort(paths);
  EXPECT_EQ(std::ranges::adjacent_find(paths), paths.end());
}

}  // namespace
}  // namespace tql::rest
