// All forms of SELECT over small tables.
#include <cmath>
#include <optional>

#include "tests/mockserver/storage/storage_test_base.h"

namespace tql::storage {
namespace {

class QueriesTest : public StorageTest {
 protected:
  void SetUp() override {
    StorageTest::SetUp();
    left_ = Create(MakeTable(1, {{"id", TypeKind::kInt}, {"name", TypeKind::kVarchar}}, {0}));
    right_ = Create(MakeTable(2, {{"id", TypeKind::kInt}, {"amount", TypeKind::kDouble}}));
    ASSERT_TRUE(Insert(left_, {Datum::Integer(3), Datum::Text("c"), Datum::Integer(1),
                               Datum::Text("a"), Datum::Integer(2), Datum::Null()})
                    .ok());
    ASSERT_TRUE(Insert(right_, {Datum::Integer(1), Datum::Real(1.5), Datum::Integer(1),
                                Datum::Real(2.5), Datum::Integer(9), Datum::Real(9)})
                    .ok());
  }

  static plan::ExprPtr LeftId(plan::RelationId r = 1) { return Column(r, 0, TypeKind::kInt); }
  static plan::ExprPtr Name(plan::RelationId r = 1) { return Column(r, 1, TypeKind::kVarchar); }
  static plan::ExprPtr RightId(plan::RelationId r = 2) { return Column(r, 0, TypeKind::kInt); }
  static plan::ExprPtr Amount(plan::RelationId r = 2) { return Column(r, 1, TypeKind::kDouble); }
  static plan::ExprPtr Item(std::int32_t item, TypeKind kind) {
    return MakeExpr(plan::ItemRef{item}, kind);
  }
  static plan::ExprPtr Fold(plan::AggregateFunction function, plan::ExprPtr argument, TypeKind kind,
                            bool distinct = false) {
    return MakeExpr(plan::Aggregate{function, distinct, std::move(argument)}, kind);
  }
  static void OrderBy(plan::Query& query, std::int32_t item, bool descending = false) {
    query.order_by.push_back(
        {Item(item, query.columns[static_cast<std::size_t>(item)].type.kind), descending});
  }
  static plan::RelationPtr Joined(plan::JoinKind kind, plan::RelationPtr a, plan::RelationPtr b,
                                  plan::ExprPtr on) {
    auto relation = std::make_unique<plan::Relation>();
    relation->node = plan::Join{kind, std::move(a), std::move(b), std::move(on)};
    return relation;
  }
  std::string Join(plan::JoinKind kind) {
    plan::Query query =
        MakeQuery(List(LeftId(), Amount()),
                  Joined(kind, From(1, left_), From(2, right_),
                         kind == plan::JoinKind::kCross ? nullptr : Equal(LeftId(), RightId())));
    OrderBy(query, 0);
    OrderBy(query, 1);
    return Rows(query);
  }
  plan::QueryPtr Constant(std::int64_t value) {
    return std::make_unique<plan::Query>(MakeQuery(List(Int(value))));
  }
  static plan::QueryPtr Set(plan::SetOperator op, plan::QueryPtr a, plan::QueryPtr b) {
    auto query = std::make_unique<plan::Query>();
    query->columns = a->columns;
    query->body = plan::SetOperation{op, std::move(a), std::move(b)};
    return query;
  }

  plan::TablePtr left_;
  plan::TablePtr right_;
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(QueriesTest);

TEST_P(QueriesTest, EveryJoin) {
  EXPECT_EQ(Join(plan::JoinKind::kInner), "1|1.5;1|2.5");
  EXPECT_EQ(Join(plan::JoinKind::kLeft), "1|1.5;1|2.5;2|NULL;3|NULL");
  EXPECT_EQ(Join(plan::JoinKind::kRight), "NULL|9;1|1.5;1|2.5");
  EXPECT_EQ(Join(plan::JoinKind::kFull), "NULL|9;1|1.5;1|2.5;2|NULL;3|NULL");
  EXPECT_EQ(Join(plan::JoinKind::kCross), "1|1.5;1|2.5;1|9;2|1.5;2|2.5;2|9;3|1.5;3|2.5;3|9");
}

TEST_P(QueriesTest, AJoinInBrackets) {
  auto inner =
      Joined(plan::JoinKind::kInner, From(2, right_), From(3, left_), Equal(RightId(), LeftId(3)));
  plan::Query query = MakeQuery(
      List(LeftId(), Name(3)),
      Joined(plan::JoinKind::kLeft, From(1, left_), std::move(inner), Equal(LeftId(), RightId())));
  OrderBy(query, 0);
  EXPECT_EQ(Rows(query), "1|a;1|a;2|NULL;3|NULL");
}

TEST_P(QueriesTest, ReadsInInsertionOrder) {
  // The key alone could be read from its index, which is sorted.
  EXPECT_EQ(Rows(MakeQuery(List(LeftId()), From(1, left_))), "3;1;2");
}

TEST_P(QueriesTest, OrderOfNulls) {
  plan::Query query = MakeQuery(List(Name()), From(1, left_));
  OrderBy(query, 0);
  EXPECT_EQ(Rows(query), "NULL;a;c");
  query.order_by[0].descending = true;
  EXPECT_EQ(Rows(query), "c;a;NULL");
}

TEST_P(QueriesTest, LimitAndOffset) {
  plan::Query query = MakeQuery(List(LeftId()), From(1, left_));
  query.offset = 1;
  EXPECT_EQ(Rows(query), "1;2");
  query.limit = 1;
  EXPECT_EQ(Rows(query), "1");
  EXPECT_EQ(*storage_->Count(query, {}), 1);
  query.limit = 0;
  EXPECT_EQ(Rows(query), "");
}

TEST_P(QueriesTest, GroupsAndHaving) {
  plan::Query query =
      MakeQuery(List(RightId(), Fold(plan::AggregateFunction::kSum, Amount(), TypeKind::kDouble),
                     Fold(plan::AggregateFunction::kCountRows, nullptr, TypeKind::kBigInt)),
                From(2, right_));
  auto& select = std::get<plan::Select>(query.body);
  select.group_by = List(Item(0, TypeKind::kInt));
  OrderBy(query, 0);
  EXPECT_EQ(Rows(query), "1|4|2;9|9|1");
  select.having =
      Op(BinaryOp::kGreater, Fold(plan::AggregateFunction::kCountRows, nullptr, TypeKind::kBigInt),
         Int(1), TypeKind::kBool);
  EXPECT_EQ(Rows(query), "1|4|2");
}

TEST_P(QueriesTest, HavingWithoutGroupBy) {
  plan::Query query = MakeQuery(List(Int(7)), From(1, left_), Equal(LeftId(), Int(-1)));
  std::get<plan::Select>(query.body).having = Equal(Int(1), Int(1));
  EXPECT_EQ(Rows(query), "7");
}

TEST_P(QueriesTest, ConstantIsNotAPosition) {
  plan::Query query = MakeQuery(
      List(Fold(plan::AggregateFunction::kCountRows, nullptr, TypeKind::kBigInt)), From(1, left_));
  std::get<plan::Select>(query.body).group_by = List(Int(7));
  query.order_by.push_back({Int(9), false});
  EXPECT_EQ(Rows(query), "3");
}

TEST_P(QueriesTest, AggregatesOfNoRowsAndDistinct) {
  EXPECT_EQ(Rows(MakeQuery(
                List(Fold(plan::AggregateFunction::kCount, RightId(), TypeKind::kBigInt),
                     Fold(plan::AggregateFunction::kCount, RightId(), TypeKind::kBigInt, true),
                     Fold(plan::AggregateFunction::kSum, RightId(), TypeKind::kBigInt, true),
                     Fold(plan::AggregateFunction::kAvg, RightId(), TypeKind::kDouble, true),
                     Fold(plan::AggregateFunction::kMin, Amount(), TypeKind::kDouble),
                     Fold(plan::AggregateFunction::kMax, Amount(), TypeKind::kDouble),
                     Fold(plan::AggregateFunction::kVariance, RightId(), TypeKind::kDouble, true)),
                From(2, right_))),
            "3|2|10|5|1.5|9|32");
  EXPECT_EQ(
      Rows(MakeQuery(List(Fold(plan::AggregateFunction::kSum, RightId(), TypeKind::kBigInt),
                          Fold(plan::AggregateFunction::kCount, RightId(), TypeKind::kBigInt),
                          Fold(plan::AggregateFunction::kStddev, RightId(), TypeKind::kDouble)),
                     From(2, right_), Equal(RightId(), Int(-1)))),
      "NULL|0|NULL");
}

TEST_P(QueriesTest, VarianceOfLargeValuesIsExact) {
  const auto table = Create(MakeTable(5, {{"a", TypeKind::kDouble}}));
  ASSERT_TRUE(Insert(table, {Datum::Real(1e9 + 4), Datum::Real(1e9 + 7), Datum::Real(1e9 + 13),
                             Datum::Real(1e9 + 16)})
                  .ok());
  EXPECT_EQ(Rows(MakeQuery(List(Fold(plan::AggregateFunction::kVariance,
                                     Column(5, 0, TypeKind::kDouble), TypeKind::kDouble)),
                           From(5, table))),
            "30");
}

TEST_P(QueriesTest, CorrelatedSubqueries) {
  const auto of_this = [] { return Equal(RightId(), LeftId()); };
  auto sum = std::make_unique<plan::Query>(
      MakeQuery(List(Fold(plan::AggregateFunction::kSum, Amount(), TypeKind::kDouble)),
                From(2, right_), of_this()));
  auto any = std::make_unique<plan::Query>(MakeQuery(List(Int(1)), From(2, right_), of_this()));
  EXPECT_EQ(
      Rows(MakeQuery(List(LeftId(), MakeExpr(plan::ScalarQuery{std::move(sum)}, TypeKind::kDouble)),
                     From(1, left_), MakeExpr(plan::Exists{std::move(any)}, TypeKind::kBool))),
      "1|4");
  auto ids = std::make_unique<plan::Query>(MakeQuery(List(RightId()), From(2, right_)));
  EXPECT_EQ(
      Rows(MakeQuery(List(LeftId()), From(1, left_),
                     MakeExpr(plan::InQuery{LeftId(), std::move(ids), true}, TypeKind::kBool))),
      "3;2");
}

TEST_P(QueriesTest, ADerivedTable) {
  auto inner = std::make_unique<plan::Query>(MakeQuery(
      List(Amount(), Op(BinaryOp::kAdd, RightId(), Int(1), TypeKind::kBigInt)), From(2, right_)));
  inner->limit = 2;
  auto relation = std::make_unique<plan::Relation>();
  relation->node = plan::DerivedTable{3, std::move(inner)};
  EXPECT_EQ(Rows(MakeQuery(List(Column(3, 1, TypeKind::kBigInt), Column(3, 0, TypeKind::kDouble)),
                           std::move(relation))),
            "2|1.5;2|2.5");
}

TEST_P(QueriesTest, NestedSetOperations) {
  using plan::SetOperator;
  // 1 EXCEPT (1 EXCEPT 1) is 1; (1 EXCEPT 1) EXCEPT 1 is nothing.
  EXPECT_EQ(Rows(*Set(SetOperator::kExcept, Constant(1),
                      Set(SetOperator::kExcept, Constant(1), Constant(1)))),
            "1");
  EXPECT_EQ(Rows(*Set(SetOperator::kExcept, Set(SetOperator::kExcept, Constant(1), Constant(1)),
                      Constant(1))),
            "");
  auto limited = Set(SetOperator::kUnionAll, Constant(1), Constant(2));
  OrderBy(*limited, 0, true);
  limited->limit = 1;
  EXPECT_EQ(Rows(*Set(SetOperator::kUnionAll, std::move(limited), Constant(5))), "2;5");
  EXPECT_EQ(Rows(*Set(SetOperator::kIntersect, Constant(1), Constant(1))), "1");
  EXPECT_EQ(Rows(*Set(SetOperator::kUnion, Constant(1), Constant(1))), "1");
}

TEST_P(QueriesTest, ValuesAreRows) {
  plan::Query query;
  plan::Values values;
  values.rows.push_back(List(Int(1), Text("x")));
  values.rows.push_back(List(Int(2), Null()));
  query.body = std::move(values);
  query.columns = {{"a", {TypeKind::kBigInt, 0}}, {"b", {TypeKind::kVarchar, 0}}};
  EXPECT_EQ(Rows(query), "1|x;2|NULL");
}

TEST_P(QueriesTest, IntegerInRealColumn) {
  auto cursor = storage_->Open(
      MakeQuery(List(MakeExpr(plan::Literal{std::int64_t{3}}, TypeKind::kDouble))), {});
  ASSERT_TRUE(cursor.ok());
  ASSERT_TRUE(*(*cursor)->Next());
  EXPECT_EQ((*cursor)->row()[0].kind(), Datum::Kind::kReal);
}

TEST_P(QueriesTest, PrecedenceIsKept) {
  const auto minus = [](plan::ExprPtr a, plan::ExprPtr b) {
    return Op(BinaryOp::kSubtract, std::move(a), std::move(b), TypeKind::kBigInt);
  };
  EXPECT_EQ(Eval(minus(Int(10), minus(Int(5), Int(3)))), "8");
  EXPECT_EQ(Eval(minus(minus(Int(10), Int(5)), Int(3))), "2");
  EXPECT_EQ(Eval(Op(BinaryOp::kMultiply, minus(Int(10), Int(5)), Int(3), TypeKind::kBigInt)), "15");
  EXPECT_EQ(
      Eval(minus(Int(1), MakeExpr(plan::Unary{plan::UnaryOp::kNegate,
                                              MakeExpr(plan::Unary{plan::UnaryOp::kNegate, Int(-4)},
                                                       TypeKind::kBigInt)},
                                  TypeKind::kBigInt))),
      "5");
  EXPECT_EQ(Eval(Equal(MakeExpr(plan::Unary{plan::UnaryOp::kNot, Int(0, TypeKind::kBool)},
                                TypeKind::kBool),
                       Int(1, TypeKind::kBool))),
            "1");
  EXPECT_EQ(Eval(Equal(Equal(Int(2), Int(2)), Equal(Int(3), Int(4)))), "0");
  plan::Logical either{false, List(Int(1, TypeKind::kBool), Int(0, TypeKind::kBool))};
  plan::Logical both{true, {}};
  both.operands.push_back(MakeExpr(std::move(either), TypeKind::kBool));
  both.operands.push_back(Int(0, TypeKind::kBool));
  EXPECT_EQ(Eval(MakeExpr(std::move(both), TypeKind::kBool)), "0");
}

TEST_P(QueriesTest, DatesBefore1970RoundDown) {
  const auto call = [](plan::Function function, std::int64_t seconds, TypeKind kind) {
    return MakeExpr(plan::Call{function, List(Int(seconds, TypeKind::kDateTime))}, kind);
  };
  // 1969-12-31 23:59:59
  EXPECT_EQ(Eval(call(plan::Function::kAbsDay, -1, TypeKind::kBigInt)), "-1");
  EXPECT_EQ(Eval(call(plan::Function::kAbsMonth, -1, TypeKind::kBigInt)), "23639");
  EXPECT_EQ(Eval(call(plan::Function::kAbsQuarter, -1, TypeKind::kBigInt)), "7879");
  EXPECT_EQ(Eval(call(plan::Function::kAbsYear, -1, TypeKind::kBigInt)), "1969");
  EXPECT_EQ(Eval(call(plan::Function::kDate, -1, TypeKind::kDate)), "-86400");
  EXPECT_EQ(Eval(call(plan::Function::kTime, -1, TypeKind::kTime)), "86399");
  constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  for (const plan::Function function : {plan::Function::kAbsDay, plan::Function::kAbsMonth,
                                        plan::Function::kDate, plan::Function::kTime}) {
    EXPECT_NE(Eval(call(function, kLowest, TypeKind::kBigInt)), "");
  }
}

TEST_P(QueriesTest, ArithmeticStaysWithin64Bits) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto op = [](BinaryOp o, plan::ExprPtr a, plan::ExprPtr b) {
    return Op(o, std::move(a), std::move(b), TypeKind::kBigInt);
  };
  // An overflow of an intermediate result is an error even if the final result would fit.
  EXPECT_EQ(Eval(op(BinaryOp::kSubtract, op(BinaryOp::kAdd, Int(kMost), Int(1)), Int(1))),
            "OUT_OF_RANGE");
  EXPECT_EQ(Eval(op(BinaryOp::kModulo, op(BinaryOp::kAdd, Int(kMost), Int(1)), Int(2))),
            "OUT_OF_RANGE");
  EXPECT_EQ(Eval(op(BinaryOp::kDivide, Int(-kMost - 1), Int(-1))), "OUT_OF_RANGE");
  EXPECT_EQ(Eval(op(BinaryOp::kDivide, Int(7), Int(2))), "3");
  EXPECT_EQ(Eval(op(BinaryOp::kModulo, Int(-7), Int(2))), "-1");
  EXPECT_EQ(Eval(op(BinaryOp::kModulo, Int(-kMost - 1), Int(-1))), "0");
  EXPECT_EQ(
      Eval(MakeExpr(plan::Call{plan::Function::kAbs, List(Int(-kMost - 1))}, TypeKind::kBigInt)),
      "OUT_OF_RANGE");
  EXPECT_EQ(Eval(Op(BinaryOp::kDivide, Int(7), Int(2), TypeKind::kDouble)), "3.5");
  EXPECT_EQ(Eval(Op(BinaryOp::kModulo, Real(7.5), Real(2), TypeKind::kDouble)), "1.5");
  // The product of three 32-bit factors exceeds 64 bits.
  const auto narrow = [](plan::ExprPtr a, plan::ExprPtr b) {
    return Op(BinaryOp::kMultiply, std::move(a), std::move(b), TypeKind::kInt);
  };
  const auto table = Create(MakeTable(6, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(2'000'000'000)}).ok());
  const auto a = [] { return Column(6, 0, TypeKind::kInt); };
  EXPECT_EQ(Rows(MakeQuery(List(narrow(a(), a())), From(6, table))), "4000000000000000000");
  EXPECT_EQ(Read(MakeQuery(List(narrow(narrow(a(), a()), a())), From(6, table))).status(),
            OutOfRangeError("integer overflow"));
}

/// SQLite calls the progress handler after every step, even after one that failed.
TEST_P(QueriesTest, KeepsErrorOfFunction) {
  options_.steps_per_check = 1;
  SetUp();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto read = [this](plan::ExprPtr item) {
    return Read(MakeQuery(List(std::move(item)), From(1, left_))).status();
  };
  for (int i = 0; i < 3; ++i) {  // Also with a cached statement.
    EXPECT_EQ(read(Op(BinaryOp::kAdd, LeftId(), Int(kMost), TypeKind::kBigInt)),
              OutOfRangeError("integer overflow"));
    EXPECT_EQ(read(Fold(plan::AggregateFunction::kSum,
                        Op(BinaryOp::kSubtract, Int(kMost), LeftId(), TypeKind::kBigInt),
                        TypeKind::kBigInt)),
              OutOfRangeError("integer overflow"));
    EXPECT_EQ(read(CastTo(Name(), TypeKind::kInt)).code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(read(CastTo(Int(kMost), TypeKind::kInt)).code(), StatusCode::kOutOfRange);
    EXPECT_EQ(read(MakeExpr(plan::Like{Name(), Text("!"), Text("!"), false}, TypeKind::kBool)),
              InvalidArgumentError("the LIKE pattern ends with its escape character"));
  }
  EXPECT_EQ(read(LeftId()), Status());
}

/// The failure must not be mistaken for an interrupt, which rolls back the transaction.
TEST_P(QueriesTest, KeepsErrorOfFunctionInChange) {
  options_.steps_per_check = 1;
  SetUp();
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(tx.ok());
  plan::Insert insert = InsertOf(right_, {});
  insert.source = std::make_unique<plan::Query>(
      MakeQuery(List(CastTo(Name(), TypeKind::kInt), Real(1)), From(1, left_)));
  EXPECT_EQ((*tx)->Insert(insert, {}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(*(*tx)->Insert(InsertOf(right_, {Datum::Integer(4), Datum::Real(4)}), {}), 1);
  EXPECT_EQ((*tx)->Commit(), Status());
}

TEST_P(QueriesTest, LikeWithEscape) {
  const auto like = [&](const char* value, const char* pattern, const char* escape = nullptr) {
    plan::Like node{Text(value), Text(pattern), escape ? Text(escape) : nullptr, false};
    return Eval(MakeExpr(std::move(node), TypeKind::kBool));
  };
  EXPECT_EQ(like("naïve", "na_ve"), "1");
  EXPECT_EQ(like("naïve", "na__ve"), "0");
  EXPECT_EQ(like("", "%"), "1");
  EXPECT_EQ(like("", ""), "1");
  EXPECT_EQ(like("a", ""), "0");
  EXPECT_EQ(like("aaab", "%a%ab"), "1");
  EXPECT_EQ(like("abcabd", "%ab_"), "1");
  EXPECT_EQ(like("100%", "100!%", "!"), "1");
  EXPECT_EQ(like("1000", "100!%", "!"), "0");
  EXPECT_EQ(like("a_b", "aé_b", "é"), "1");
  EXPECT_EQ(like("a!b", "a!!b", "!"), "1");
  EXPECT_EQ(like("x", "x!", "!"), "INVALID_ARGUMENT");
  EXPECT_EQ(like("x", "x", "!!"), "INVALID_ARGUMENT");
  EXPECT_EQ(like("x", "x", ""), "INVALID_ARGUMENT");
  EXPECT_EQ(Eval(MakeExpr(plan::Like{Null(), Text("%"), nullptr, true}, TypeKind::kBool)), "NULL");
  EXPECT_EQ(Eval(MakeExpr(plan::Like{Text("b"), Text("a%"), nullptr, true}, TypeKind::kBool)), "1");
}

TEST_P(QueriesTest, TextKeepsEveryByte) {
  const std::string odd("a\0b\xff'\"\n", 7);
  const auto table = Create(MakeTable(7, {{"a", TypeKind::kVarchar}}, {0}));
  ASSERT_TRUE(Insert(table, {Datum::Text(odd)}).ok());
  EXPECT_EQ(Rows(MakeQuery(List(Column(7, 0, TypeKind::kVarchar)), From(7, table),
                           Equal(Column(7, 0, TypeKind::kVarchar), Text(odd)))),
            odd);
}

}  // namespace
}  // namespace tql::storage
