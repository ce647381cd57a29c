// Widening keeps the value of the expression: in every place, an expression and a column with the
// same values behave the same.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/mockserver/engine/case_runner.h"

namespace tql::engine {
namespace {

struct Expressions {
  std::string type;
  std::vector<std::string> of;  // Expressions over the columns of t.
  /// Wider types, each with a column of t that has it.
  std::vector<std::pair<std::string, std::string>> wider;
};

const std::vector<Expressions> kExpressions = {
    {"int",
     {"i", "cast(d as int)", "cast(s as int)", "cast(o as int)", "cast(f as int)",
      "case when k > 1 then i else cast(d as int) end", "coalesce(i, cast(d as int))",
      "(select max(x.i) from t x where x.k = t.k)",
      "(select cast(x.d as int) from t x where x.k = t.k)",
      "case k when 1 then cast(d as int) else 7 end"},
     {{"bigint", "b"}, {"double", "d"}}},
    {"bigint",
     {"b", "i + 1", "-b", "cast(d as bigint)", "abs(i)", "absday(ts)", "cast(o as bigint)",
      "i * 2 - cast(d as int)", "coalesce(b, i)", "(select count(*) from t x where x.k <= t.k)",
      "b % 1000"},
     {{"double", "d"}}},
    {"float",
     {"f", "cast(d as float)", "coalesce(f, cast(d as float))", "cast(i as float)",
      "case when k > 1 then f else cast(d as float) end",
      "(select cast(x.d as float) from t x where x.k = t.k)"},
     {{"double", "d"}}},
    {"date",
     {"day", "cast(ts as date)", "date(ts)", "cast(w as date)", "coalesce(day, cast(ts as date))",
      "case when k > 1 then cast(ts as date) else day end",
      "(select max(cast(x.ts as date)) from t x where x.k = t.k)",
      "(select date(x.ts) from t x where x.k = t.k)"},
     {{"datetime", "ts"}}},
};

/// E is the expression, X the wider column, B its type. Queries of several rows are ordered.
const std::vector<std::string> kPlaces = {
    "select k, cast(E as B) from m order by k",
    "select k, cast(cast(E as B) as varchar(0)) from m order by k",
    "select k, E = X, X <> E, E < X, X >= E from m order by k",
    "select k, E = cast(E as B), cast(E as B) = E from m order by k",
    "select k, E in (X, E), X in (E), E in (E, X, X), X in (E, X), X not in (E) from m order by k",
    "select k, X in (select E from t where t.k = m.k) from m order by k",
    "select k, E in (select distinct X from t where t.k = m.k) from m order by k",
    "select k, E between X and X, X between E and E, X not between E and X from m order by k",
    "select k, case when k > 0 then E else X end, case when k > 0 then X else E end from m order "
    "by k",
    "select k, case E when X then 1 else 0 end, case X when E then 1 else 0 end from m order by k",
    "select k, coalesce(E, X), coalesce(null, E, X) from m order by k",
    "select y from (select E y from m union select X from m) u order by y",
    "select y from (select E y from m union all select X from m) u order by y",
    "select y from (select E y from m intersect select X from m) u order by y",
    "select y from (select X y from m except select distinct E from m) u order by y",
    "select max(E), min(E), count(distinct E), count(E) from m",
    "select cast(E as B), count(*) from m group by E having count(*) > 0 order by 1",
    "select k from m order by cast(E as B), k",
    "select distinct cast(E as B) y from m order by y",
    "select count(*) from m join (select X as z from t) y on y.z = E",
    "select count(*) from m where exists (select 1 from (select X as z from t) y where E = y.z)",
};
/// Likewise, for numbers only.
const std::vector<std::string> kNumberPlaces = {
    "select k, E + X, X - E, E * 1.5, E / 2, abs(E), -(E) from m order by k",
    "select k, E + 1, E + 0 = E from m order by k",
    "select sum(E), avg(E) from m",
    "select E + 1, count(*) from m group by E order by 1",
};
/// Changes of n (v B), which is read afterwards.
const std::vector<std::string> kChanges = {
    "insert into n select k, E from m",
    "insert into n select distinct k, E from m order by k limit 2",
    "insert into n select k, E from m union select k, E from m",
    "insert into n select min(k), E from m group by 2",
    "update n set v = (select E from m where m.k = n.k)",
};

class WideningTest : public ::testing::Test {
 protected:
  std::string Run(const std::string& statement) {
    return runner_.Run({.line = 1, .settings = {}, .statement = statement + ";", .expected = ""});
  }
  void Do(const std::string& statement) {
    const std::string answer = Run(statement);
    ASSERT_EQ("ok\n", answer.substr(answer.size() - std::min<std::size_t>(answer.size(), 3)))
        << statement << "\n"
        << answer;
  }
  /// The rows of the result; the headers contain the expression.
  std::string Rows(const std::string& query) {
    const std::string answer = Run(query);
    if (answer.find("error: ") != std::string::npos) return "error\n" + answer;
    return answer.substr(answer.find('\n') + 1);
  }
  std::string After(const std::string& change) {
    Do("truncate table n");
    Do("insert into n select k, null from t");
    const std::string answer = Run(change);
    if (answer.find("error: ") != std::string::npos) return answer;
    return Rows("select k, v from n order by k, v");
  }

  CaseRunner runner_;
};

std::string Filled(std::string text, const std::string& e, const std::string& x,
                   const std::string& b) {
  std::string out;
  for (const char c : text) {
    out += c == 'E' ? e : c == 'X' ? x : c == 'B' ? b : std::string(1, c);
  }
  return out;
}

TEST_F(WideningTest, ExpressionsBehaveLikeColumns) {
  Do("create database d");
  Do("use d");
  Do("create table t (k int, i int, b bigint, f float, d double, o bool, s varchar(0), w "
     "varchar(0),"
     " day date, ts datetime)");
  Do("insert into t values"
     " (1, 1, 9007199254740993, 0.1, 1.5, true, '2', '2020-03-31 10:00:00', '2020-03-31',"
     "  '2020-03-31 10:00:00'),"
     " (2, 16777217, 1, 16777216, 0.1, false, '7', '2020-02-29', '2020-02-29',"
     "  '2020-02-29 00:00:00'),"
     " (3, null, null, null, 2.5, null, '3', null, null, '1969-12-31 23:59:59'),"
     " (4, 2, 2, 2, 2, true, '2', '1970-01-01 00:00:01', '1970-01-02', '1970-01-02 00:00:00')");
  for (const Expressions& expressions : kExpressions) {
    for (const std::string& e : expressions.of) {
      std::string qualified = e.starts_with("(") ? e : "(" + e + ")";
      Do("create table m (k int, i int, b bigint, f float, d double, o bool, s varchar(0),"
         " w varchar(0), day date, ts datetime, v " +
         expressions.type + ")");
      Do("insert into m select t.*, " + e + " from t");
      // A sub-query refers to the outer row.
      for (std::size_t at; (at = qualified.find("= t.k")) != std::string::npos;) {
        qualified.replace(at, 5, "= m.k");
      }
      for (std::size_t at; (at = qualified.find("<= t.k")) != std::string::npos;) {
        qualified.replace(at, 6, "<= m.k");
      }
      for (const auto& [b, x] : expressions.wider) {
        std::vector<std::string> places = kPlaces;
        if (expressions.type != "date") {
          places.insert(places.end(), kNumberPlaces.begin(), kNumberPlaces.end());
        }
        for (const std::string& place : places) {
          const std::string with_column = Filled(place, "m.v", x, b);
          const std::string with_expression = Filled(place, qualified, x, b);
          const std::string expected = Rows(with_column);
          EXPECT_FALSE(expected.starts_with("error")) << with_column << "\n" << expected;
          EXPECT_EQ(expected, Rows(with_expression)) << with_expression;
        }
        Do("create table n (k int, v " + b + ")");
        for (const std::string& change : kChanges) {
          EXPECT_EQ(After(Filled(change, "m.v", x, b)), After(Filled(change, qualified, x, b)))
              << Filled(change, qualified, x, b);
        }
        Do("drop table n");
      }
      Do("drop table m");
    }
  }
}

}  // namespace
}  // namespace tql::engine
