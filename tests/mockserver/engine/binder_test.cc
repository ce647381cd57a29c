// Names and types of bound queries over a small catalog.
#include "mockserver/engine/binder.h"

#include <gtest/gtest.h>

#include <string>

#include "mockserver/dialect/parser.h"
#include "mockserver/engine/scope.h"

namespace tql::engine {
namespace {

using values::TypeKind;

CatalogState MakeCatalog() {
  CatalogState catalog;
  catalog.AddDatabase({1, "db", "g1"});
  catalog.AddSchema({2, 1, std::string(kDefaultSchema), "g2"});
  auto table = std::make_shared<plan::TableDef>();
  table->id = 3;
  table->schema_id = 2;
  table->name = "Orders";
  const auto add = [&](plan::Id id, const char* name, TypeKind type) {
    plan::ColumnDef column;
    column.id = id;
    column.name = name;
    column.type.kind = type;
    table->columns.push_back(column);
  };
  add(4, "id", TypeKind::kInt);
  add(5, "region", TypeKind::kVarchar);
  add(6, "amount", TypeKind::kDouble);
  add(7, "day", TypeKind::kDate);
  table->primary_key = {0};
  catalog.AddTable(table);
  return catalog;
}

class BinderTest : public ::testing::Test {
 protected:
  /// Returns the columns as "name type, …", or the error.
  std::string Bind(std::string_view text) {
    const auto statement = dialect::ParseStatement(text);
    if (!statement.ok()) return "parse: " + statement.status().message();
    const Context context{.database = "db"};
    auto query = BindQuery({catalog_, context, text}, statement->as<dialect::Select>()->query);
    if (!query.ok()) return query.status().message();
    std::string out;
    for (const plan::Query::Column& column : query->columns) {
      if (!out.empty()) out += ", ";
      out += column.name + ' ' + std::string(values::TypeName(column.type.kind));
    }
    if (const auto* select = std::get_if<plan::Select>(&query->body)) {
      if (!select->group_by.empty()) out += " by " + std::to_string(select->group_by.size());
    }
    return out;
  }
  CatalogState catalog_ = MakeCatalog();
};

TEST_F(BinderTest, NamesAndTypes) {
  EXPECT_EQ(Bind("select * from orders"), "id int, region varchar, amount double, day date");
  EXPECT_EQ(Bind("select db.falcon_default_schema.orders.ID, \"region\" r from orders"),
            "id int, r varchar");
  EXPECT_EQ(Bind("select id + 1, id / 2, \"amount\" * 2 from orders"),
            "id + 1 bigint, id / 2 double, amount * 2 double");
  EXPECT_EQ(Bind("select o.id from orders o, db.orders"), "id int");
  EXPECT_EQ(Bind("select id from orders a, orders b"), "Column \"id\" is ambiguous");
  EXPECT_EQ(Bind("select nope from orders"), "Column \"nope\" does not exist");
  EXPECT_EQ(Bind("select 1 from nope"), "Table \"nope\" does not exist");
}

TEST_F(BinderTest, Grouping) {
  EXPECT_EQ(Bind("select region, sum(amount) from orders"),
            "region varchar, sum(amount) double by 1");
  EXPECT_EQ(
      Bind("select region, count(*) as n from orders group by region having n > 1 order by n"),
      "region varchar, n bigint by 1");
  EXPECT_EQ(Bind("select region from orders group by amount"),
            "Column \"region\" must be grouped or aggregated");
  EXPECT_EQ(Bind("select region from orders group by id"), "region varchar by 1");
  EXPECT_EQ(Bind("select sum(id) from orders where count(*) > 1"),
            "An aggregate is not allowed in WHERE");
  EXPECT_EQ(Bind("select absmonth(day) m, avg(amount) from orders order by amount"),
            "m bigint, avg(amount) double by 1");
}

TEST_F(BinderTest, ImplicitConversions) {
  EXPECT_EQ(Bind("select id from orders where id = '7' and day < '2020-01-01' and day > 86400"),
            "id int");
  EXPECT_EQ(Bind("select id from orders where id = 'x'"),
            "Column \"id\": Cannot convert 'x' to int");
  EXPECT_EQ(Bind("select region + 1 from orders"), "Operator + does not take varchar");
  EXPECT_EQ(Bind("select id from orders where day = id"), "Cannot compare date with int");
  EXPECT_EQ(Bind("select case when id = null then day else '2020-01-01' end c from orders"),
            "c date");
}

TEST_F(BinderTest, Queries) {
  EXPECT_EQ(Bind("select id from orders union select amount from orders order by 1"), "id double");
  EXPECT_EQ(Bind("select id from orders union select region from orders"),
            "Values of types int and varchar have no common type");
  EXPECT_EQ(Bind("select x.n from (select count(*) n from orders) x"), "n bigint");
  EXPECT_EQ(Bind("select id from orders o where exists (select 1 from orders i where i.id = o.id)"),
            "id int");
  EXPECT_EQ(Bind("select distinct id from orders order by amount"),
            "ORDER BY after DISTINCT or a set operation can use only columns of the result");
}

TEST(ScopeRelationTest, FindsTheSameByScanAndByIndex) {
  using Match = ScopeRelation::Match;
  std::vector<plan::Query::Column> columns;
  for (const char* name : {"a", "A", "b", "b", "C"}) {
    columns.push_back({name, {TypeKind::kInt}});
  }
  const ScopeRelation relation(1, {"r"}, columns);
  for (int i = 0; i < 20; ++i) {  // the first lookups scan
    const auto expect = [&](const char* name, Match match, bool ambiguous, std::int32_t column) {
      const ScopeRelation::Found found = relation.Find(name);
      EXPECT_EQ(found.match, match) << name << i;
      EXPECT_EQ(found.ambiguous, ambiguous) << name << i;
      EXPECT_EQ(found.column, column) << name << i;
    };
    expect("a", Match::kExact, false, 0);
    expect("A", Match::kExact, false, 1);
    expect("b", Match::kExact, true, 0);
    expect("B", Match::kFolded, true, 0);
    expect("c", Match::kFolded, false, 4);
    expect("d", Match::kNone, false, 0);
  }
}

}  // namespace
}  // namespace tql::engine
