// Plans of any size and shape run or end with an error that names the excess.
#include "tests/mockserver/storage/storage_test_base.h"

namespace tql::storage {
namespace {

class HostilePlansTest : public StorageTest {
 protected:
  static plan::QueryPtr Constant(std::int64_t value) {
    return std::make_unique<plan::Query>(MakeQuery(List(Int(value))));
  }
  static plan::QueryPtr Union(plan::QueryPtr a, plan::QueryPtr b) {
    auto query = std::make_unique<plan::Query>();
    query->columns = a->columns;
    query->body = plan::SetOperation{plan::SetOperator::kUnionAll, std::move(a), std::move(b)};
    return query;
  }
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(HostilePlansTest);

TEST_P(HostilePlansTest, AHundredThousandConditions) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(99'999), Datum::Integer(-1)}).ok());
  for (const bool conjunction : {true, false}) {
    plan::Logical chain{conjunction, {}};
    for (int i = 0; i < 100'000; ++i) {
      chain.operands.push_back(Op(conjunction ? BinaryOp::kGreaterEqual : BinaryOp::kEqual,
                                  Column(1, 0, TypeKind::kInt), Int(i, TypeKind::kInt),
                                  TypeKind::kBool));
    }
    const auto found = Read(MakeQuery(List(Column(1, 0, TypeKind::kInt)), From(1, table),
                                      MakeExpr(std::move(chain), TypeKind::kBool)));
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(*found, "99999");
  }
}

TEST_P(HostilePlansTest, ManyConstants) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kVarchar}}));
  ASSERT_TRUE(Insert(table, {Datum::Text("it's 299999"), Datum::Text("none")}).ok());
  plan::InList in{Column(1, 0, TypeKind::kVarchar), {}, false};
  for (int i = 0; i < 300'000; ++i) in.list.push_back(Text("it's " + std::to_string(i)));
  in.list.push_back(Real(-1.5));
  in.list.push_back(Text(std::string("\0", 1)));
  const auto found = Read(MakeQuery(List(Column(1, 0, TypeKind::kVarchar)), From(1, table),
                                    MakeExpr(std::move(in), TypeKind::kBool)));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, "it's 299999");
}

TEST_P(HostilePlansTest, AnEmptyList) {
  EXPECT_EQ(Eval(MakeExpr(plan::InList{Int(1), {}, false}, TypeKind::kBool)), "0");
  EXPECT_EQ(Eval(MakeExpr(plan::InList{Int(1), {}, true}, TypeKind::kBool)), "1");
}

TEST_P(HostilePlansTest, LongChainOfQueries) {
  plan::QueryPtr chain = Constant(1);
  for (int i = 0; i < 2000; ++i) chain = Union(std::move(chain), Constant(1));
  EXPECT_EQ(*storage_->Count(*chain, {}), 2001);
}

TEST_P(HostilePlansTest, DeeplyNestedQueries) {
  plan::QueryPtr nested = Constant(1);
  for (int i = 0; i < 1000; ++i) nested = Union(Constant(1), std::move(nested));
  EXPECT_EQ(Read(*nested).status(), InvalidArgumentError("the statement is nested too deeply"));
  plan::ExprPtr query = Int(1);
  for (int i = 0; i < 1000; ++i) {
    query = MakeExpr(
        plan::ScalarQuery{std::make_unique<plan::Query>(MakeQuery(List(std::move(query))))},
        TypeKind::kBigInt);
  }
  EXPECT_EQ(Eval(std::move(query)), "INVALID_ARGUMENT");
}

TEST_P(HostilePlansTest, DeepExpressions) {
  for (const int kind : {0, 1, 2, 3, 4}) {
    plan::ExprPtr deep = Int(1);
    for (int i = 0; i < 5000; ++i) {
      switch (kind) {
        case 0:
          deep = Op(BinaryOp::kAdd, std::move(deep), Int(1), TypeKind::kBigInt);
          break;
        case 1:
          deep = MakeExpr(plan::Unary{plan::UnaryOp::kNegate, std::move(deep)}, TypeKind::kBigInt);
          break;
        case 2:
          deep =
              MakeExpr(plan::Call{plan::Function::kAbs, List(std::move(deep))}, TypeKind::kBigInt);
          break;
        case 3:
          deep = MakeExpr(plan::Case{nullptr, {}, std::move(deep)}, TypeKind::kBigInt);
          std::get<plan::Case>(deep->node).arms.push_back({Int(0, TypeKind::kBool), Int(2)});
          break;
        default:
          deep = MakeExpr(plan::Cast{std::move(deep)}, TypeKind::kBigInt);
      }
    }
    EXPECT_EQ(Eval(std::move(deep)), "INVALID_ARGUMENT") << kind;
  }
}

TEST_P(HostilePlansTest, ModeratelyDeepExpressionsRun) {
  plan::ExprPtr sum = Int(1);
  for (int i = 0; i < 500; ++i) sum = Op(BinaryOp::kAdd, std::move(sum), Int(1), TypeKind::kBigInt);
  EXPECT_EQ(Eval(std::move(sum)), "501");
  plan::ExprPtr nested = Int(1);
  for (int i = 0; i < 25; ++i) {
    nested = Op(BinaryOp::kSubtract, Int(1), std::move(nested), TypeKind::kBigInt);
  }
  EXPECT_EQ(Eval(std::move(nested)), "0");
}

TEST_P(HostilePlansTest, TooManyTablesOrColumns) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  plan::RelationPtr all = From(1, table);
  for (plan::RelationId id = 2; id <= 100; ++id) {
    auto join = std::make_unique<plan::Relation>();
    join->node = plan::Join{plan::JoinKind::kCross, std::move(all), From(id, table), nullptr};
    all = std::move(join);
  }
  EXPECT_EQ(Read(MakeQuery(List(Int(1)), std::move(all))).status(),
            InvalidArgumentError("more than 64 tables in one join"));
  std::vector<plan::ExprPtr> items;
  for (int i = 0; i < 2001; ++i) items.push_back(Int(i));
  EXPECT_EQ(Read(MakeQuery(std::move(items))).status(),
            InvalidArgumentError("more than 2000 columns"));
  std::vector<std::pair<std::string, TypeKind>> columns(2001, {"c", TypeKind::kInt});
  plan::TableDef wide = MakeTable(50, {});
  for (int i = 0; i < 2001; ++i) {
    plan::ColumnDef column;
    column.id = 100'000 + i;
    column.type = {TypeKind::kInt, 0};
    wide.columns.push_back(std::move(column));
  }
  auto tx = storage_->Begin(Intent::kSchema, {});
  EXPECT_EQ((*tx)->CreateTable(wide), InvalidArgumentError("more than 2000 columns"));
}

TEST_P(HostilePlansTest, InvalidReferences) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  EXPECT_EQ(Read(MakeQuery(List(Column(9, 0, TypeKind::kInt)), From(1, table))).status().code(),
            StatusCode::kInternal);
  EXPECT_EQ(Read(MakeQuery(List(Column(1, 5, TypeKind::kInt)), From(1, table))).status().code(),
            StatusCode::kInternal);
  EXPECT_EQ(Read(MakeQuery({})).status().code(), StatusCode::kInternal);
  // Errors of a conversion name the column that it converts or assigns.
  EXPECT_EQ(Read(MakeQuery(List(CastTo(Column(1, 5, TypeKind::kInt), TypeKind::kVarchar)),
                           From(1, table)))
                .status()
                .code(),
            StatusCode::kInternal);
  plan::Insert insert;
  insert.table = table;
  insert.columns = {5};
  insert.source = std::make_unique<plan::Query>(MakeQuery(List(Text("1"))));
  auto tx = storage_->Begin(Intent::kRows, {});
  EXPECT_EQ((*tx)->Insert(insert, {}).status().code(), StatusCode::kInternal);
}

TEST_P(HostilePlansTest, StopsExpensiveLike) {
  const std::string text(2'000'000, 'a');
  std::string pattern = "%";
  for (int i = 0; i < 200'000; ++i) pattern += "a";
  pattern += "b";
  Cancellation cancel;
  int asked = 0;
  cancel.client_gone = [&] { return ++asked > 2; };
  EXPECT_EQ(Read(MakeQuery(List(MakeExpr(plan::Like{Text(text), Text(pattern), nullptr, false},
                                         TypeKind::kBool))),
                 cancel)
                .status()
                .code(),
            StatusCode::kCancelled);
}

TEST_P(HostilePlansTest, TooManyCursors) {
  options_.max_readers = 3;
  Open();
  std::vector<std::unique_ptr<Cursor>> cursors;
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1)}).ok());
  for (int i = 0; i < 3; ++i) cursors.push_back(*storage_->Open(All(table), {}));
  EXPECT_EQ(storage_->Open(All(table), {}).status(),
            ResourceExhaustedError("too many queries are open at once: found 3, the limit is 3"));
  cursors.pop_back();
  EXPECT_TRUE(storage_->Open(All(table), {}).ok());
}

}  // namespace
}  // namespace tql::storage
