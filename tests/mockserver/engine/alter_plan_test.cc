// The effect of ALTER TABLE on the definitions of the altered and of other tables.
#include "mockserver/engine/alter_plan.h"

#include <gtest/gtest.h>

#include <string>

#include "mockserver/dialect/parser.h"
#include "tests/mockserver/engine/case_runner.h"

namespace tql::engine {
namespace {

using values::TypeKind;
using Positions = std::vector<std::int32_t>;

plan::TableDef MakeTable(plan::Id id, std::string name,
                         const std::vector<std::pair<std::string, TypeKind>>& columns,
                         Positions key) {
  plan::TableDef table;
  table.id = id;
  table.schema_id = 2;
  table.name = std::move(name);
  for (const auto& [column_name, kind] : columns) {
    plan::ColumnDef& column = table.columns.emplace_back();
    column.id = id * 10 + static_cast<plan::Id>(table.columns.size());
    column.name = column_name;
    column.guid = "guid of " + column_name;
    column.type.kind = kind;
  }
  table.primary_key = std::move(key);
  return table;
}

/// sales(id, item, note, extra; key id) -> items(junk, id, name, note; key id, name)
class AlterPlanTest : public ::testing::Test {
 protected:
  AlterPlanTest() {
    catalog_.AddDatabase({1, "db", "g1"});
    catalog_.AddSchema({2, 1, std::string(kDefaultSchema), "g2"});
    items_ = MakeTable(10, "items",
                       {{"junk", TypeKind::kInt},
                        {"id", TypeKind::kInt},
                        {"name", TypeKind::kVarchar},
                        {"note", TypeKind::kVarchar}},
                       {1, 2});
    sales_ = MakeTable(20, "sales",
                       {{"id", TypeKind::kInt},
                        {"item", TypeKind::kInt},
                        {"item_name", TypeKind::kVarchar},
                        {"extra", TypeKind::kDate}},
                       {0});
    sales_.foreign_keys.push_back({31, "fk", {1, 2}, 10, {1, 2}});
    sales_.relationships.push_back({32, "rel", 10, "item = items.id AND extra IS NOT NULL"});
    items_.relationships.push_back({33, "", 10, "junk = junk"});
    items_.partition = plan::Partition{4, {2}};
    items_.live_schema_version = 6;
  }

  StatusOr<AlterPlan> Plan(std::string_view text) {
    CatalogState catalog = catalog_;
    catalog.AddTable(std::make_shared<const plan::TableDef>(items_));
    catalog.AddTable(std::make_shared<const plan::TableDef>(sales_));
    catalog.SetVersion(3, 100);
    const auto statement = dialect::ParseStatement(text);
    EXPECT_TRUE(statement.ok()) << statement.status();
    const Context context{.database = "db"};
    const StatementOptions options;
    const storage::Cancellation cancellation;
    const Engine::Request request{text, *statement, context, options, cancellation};
    return PlanAlter(catalog, request, guids_, *statement->as<dialect::AlterTable>());
  }
  AlterPlan MustPlan(std::string_view text) {
    auto plan = Plan(text);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? *std::move(plan) : AlterPlan();
  }

  CatalogState catalog_;
  plan::TableDef items_;
  plan::TableDef sales_;
  CountingGuids guids_;
};

TEST_F(AlterPlanTest, DroppedColumnShiftsPositions) {
  items_.relationships.clear();
  const AlterPlan plan = MustPlan("alter table items drop column junk");
  const plan::TableDef& after = *plan.alteration.after;
  EXPECT_EQ(after.columns.size(), 3U);
  EXPECT_EQ(after.primary_key, (Positions{0, 1}));
  EXPECT_EQ(after.partition->key, Positions{1});
  EXPECT_EQ(after.live_schema_version, 7);
  ASSERT_EQ(plan.alteration.sources.size(), 3U);
  EXPECT_EQ(plan.alteration.sources[0].column, 1);
  EXPECT_EQ(plan.alteration.sources[2].column, 3);
  ASSERT_EQ(plan.others.size(), 1U);
  EXPECT_EQ(plan.others[0].id, 20);
  EXPECT_EQ(plan.others[0].foreign_keys[0].target_columns, (Positions{0, 1}));
  EXPECT_EQ(plan.others[0].foreign_keys[0].columns, (Positions{1, 2}));
  EXPECT_TRUE(plan.broken.empty());
}

TEST_F(AlterPlanTest, OwnForeignKeys) {
  const AlterPlan plan = MustPlan("alter table sales drop constraint primary key, drop column id");
  EXPECT_EQ(plan.alteration.after->foreign_keys[0].columns, (Positions{0, 1}));
  EXPECT_EQ(plan.alteration.after->foreign_keys[0].target_columns, (Positions{1, 2}));
  EXPECT_TRUE(plan.others.empty());
}

TEST_F(AlterPlanTest, RenamedColumn) {
  const AlterPlan plan = MustPlan("alter table items rename column id to \"the id\"");
  const plan::ColumnDef& column = plan.alteration.after->columns[1];
  EXPECT_EQ(column.name, "the id");
  EXPECT_EQ(column.id, items_.columns[1].id);
  EXPECT_EQ(column.guid, items_.columns[1].guid);
  ASSERT_EQ(plan.others.size(), 1U);
  EXPECT_EQ(plan.others[0].relationships[0].condition,
            "item = items.\"the id\" AND extra IS NOT NULL");
  EXPECT_EQ(plan.others[0].foreign_keys[0].target_columns, (Positions{1, 2}));
  EXPECT_TRUE(plan.broken.empty());
}

TEST_F(AlterPlanTest, QualifiesAmbiguousName) {
  const AlterPlan renamed = MustPlan("alter table items rename column junk to extra");
  EXPECT_EQ(renamed.others.at(0).relationships[0].condition,
            "item = items.id AND \"sales\".extra IS NOT NULL");
  EXPECT_EQ(renamed.alteration.after->relationships[0].condition, "extra = extra");
  const AlterPlan added = MustPlan("alter table items add column \"item\" int");
  EXPECT_EQ(added.others.at(0).relationships[0].condition,
            "\"sales\".item = items.id AND extra IS NOT NULL");
}

TEST_F(AlterPlanTest, OwnRelationships) {
  const AlterPlan plan =
      MustPlan("alter table sales rename column item to thing, rename column extra to note");
  EXPECT_EQ(plan.alteration.after->relationships[0].condition,
            "thing = items.id AND \"sales\".note IS NOT NULL");
  EXPECT_TRUE(plan.others.empty());
}

TEST_F(AlterPlanTest, KeepsUnaffectedConditions) {
  sales_.relationships[0].condition = "ITEM = Items.ID AND \"extra\" > '2020-01-01'";
  const AlterPlan plan = MustPlan("alter table items add column x int");
  EXPECT_TRUE(plan.others.empty());
}

TEST_F(AlterPlanTest, NewPrimaryKeyBreaksReferences) {
  for (const char* text : {"alter table items drop constraint primary key",
                           "alter table items drop constraint primary key, "
                           "add constraint primary key (name, id)"}) {
    const AlterPlan plan = MustPlan(text);
    ASSERT_EQ(plan.broken.size(), 1U) << text;
    EXPECT_TRUE(plan.broken[0].foreign_key);
    EXPECT_EQ(plan.broken[0].name, "fk");
    EXPECT_EQ(plan.broken[0].table, "sales");
    ASSERT_EQ(plan.others.size(), 1U);
    EXPECT_TRUE(plan.others[0].foreign_keys.empty());
    EXPECT_EQ(plan.others[0].relationships.size(), 1U);
  }
  // Setting the same key again breaks nothing.
  const AlterPlan same = MustPlan(
      "alter table items drop constraint primary key, add constraint primary key (id, name)");
  EXPECT_TRUE(same.broken.empty());
  EXPECT_TRUE(same.others.empty());
}

TEST_F(AlterPlanTest, NewTypeBreaksConstraints) {
  const AlterPlan target = MustPlan("alter table items modify column id varchar(0)");
  ASSERT_EQ(target.broken.size(), 2U);
  EXPECT_EQ(target.broken[0].name, "fk");
  EXPECT_EQ(target.broken[1].name, "rel");
  EXPECT_FALSE(target.broken[1].foreign_key);
  EXPECT_TRUE(target.others.at(0).foreign_keys.empty());
  EXPECT_TRUE(target.others[0].relationships.empty());
  const AlterPlan source = MustPlan("alter table sales modify column item bigint");
  ASSERT_EQ(source.broken.size(), 1U);
  EXPECT_EQ(source.broken[0].name, "fk");
  EXPECT_TRUE(source.alteration.after->foreign_keys.empty());
  EXPECT_EQ(source.alteration.after->relationships.size(), 1U);
  EXPECT_TRUE(source.others.empty());
}

TEST_F(AlterPlanTest, ForeignKeyUsesFinalTypes) {
  sales_.columns[3].type.kind = TypeKind::kVarchar;
  const std::string add =
      "alter table sales add constraint g foreign key (extra, item_name) references items (id, "
      "name)";
  EXPECT_EQ(MustPlan(add + ", modify column extra int").alteration.after->foreign_keys.size(), 2U);
  EXPECT_EQ(
      Plan(add).status().message(),
      "A foreign key must match the primary key of table \"items\" in number, type and order of "
      "its columns");
}

TEST_F(AlterPlanTest, Conversions) {
  const AlterPlan plan = MustPlan(
      "alter table items modify column junk bigint, modify column note datetime "
      "[parsinghint=\"%d.%m.%Y %H:%M\"], modify column name varchar(9)");
  const auto& sources = plan.alteration.sources;
  ASSERT_TRUE(sources.at(0).conversion.has_value());
  EXPECT_EQ(sources[0].conversion->from, TypeKind::kInt);
  EXPECT_EQ(sources[0].conversion->to, TypeKind::kBigInt);
  EXPECT_FALSE(sources.at(2).conversion.has_value());  // The length is only displayed.
  EXPECT_EQ(plan.alteration.after->columns[2].type.length, 9);
  ASSERT_TRUE(sources.at(3).conversion.has_value());
  EXPECT_EQ(sources[3].conversion->format, "%d.%m.%Y %H:%M");
  EXPECT_TRUE(sources[3].conversion->only_format);
  EXPECT_EQ(plan.alteration.after->columns[3].parsing_hint, "%d.%m.%Y %H:%M");
  EXPECT_EQ(plan.alteration.after->columns[3].guid, items_.columns[3].guid);
}

TEST_F(AlterPlanTest, NewIdsAndGuids) {
  const AlterPlan plan = MustPlan(
      "alter table sales add column x int default 5, add constraint g foreign key (item, "
      "item_name) "
      "references items (id, name), add relationship with items as x = items.id");
  const plan::TableDef& after = *plan.alteration.after;
  EXPECT_EQ(after.columns.at(4).id, 101);
  EXPECT_EQ(after.columns[4].guid, "00000000-0000-4000-8000-000000000001");
  EXPECT_EQ(after.columns[4].default_text, "5");
  EXPECT_EQ(plan.alteration.sources.at(4).column, -1);
  EXPECT_EQ(after.foreign_keys.at(1).id, 102);
  EXPECT_EQ(after.relationships.at(1).id, 103);
  EXPECT_EQ(plan.last_id, 103);
}

TEST_F(AlterPlanTest, FactDimensionAndLoadPriority) {
  const AlterPlan dimension = MustPlan("alter table items set dimension");
  EXPECT_EQ(dimension.alteration.after->kind, plan::TableKind::kDimension);
  EXPECT_FALSE(dimension.alteration.after->partition.has_value());
  const AlterPlan fact = MustPlan("alter table items set fact, set load priority 100");
  EXPECT_EQ(fact.alteration.after->kind, plan::TableKind::kFact);
  EXPECT_EQ(fact.alteration.after->partition->shards, 4);
  EXPECT_EQ(fact.alteration.after->load_priority, 100);
  const AlterPlan sharded = MustPlan("alter table items set fact partition by hash key (id, name)");
  EXPECT_EQ(sharded.alteration.after->partition->shards, 32);
  EXPECT_EQ(sharded.alteration.after->partition->key, (Positions{1, 2}));
  const AlterPlan single = MustPlan("alter table items set fact partition by hash (1)");
  EXPECT_FALSE(single.alteration.after->partition.has_value());
}

TEST_F(AlterPlanTest, TooManyColumns) {
  std::string text = "alter table items add column c0 int";
  for (int i = 1; i < 10'000; ++i) text += ", add column c" + std::to_string(i) + " int";
  EXPECT_EQ(Plan(text).status().message(), "A table has at most 2000 columns");
}

}  // namespace
}  // namespace tql::engine
