#include "mockserver/testdouble/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/mockserver/testdouble/texts.h"

namespace tql::testdouble {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Matcher Compiled(const std::string& text, Matcher::Use use = Matcher::Use::kRule) {
  const auto matcher = Matcher::Compile(Message<mockpb::Match>(text), "match", use, Regexes());
  EXPECT_TRUE(matcher.ok()) << text << ": " << matcher.status();
  return matcher.ok() ? *matcher : *Matcher::Compile({}, "", use, Regexes());
}

std::string ErrorOf(const mockpb::Match& match, Matcher::Use use = Matcher::Use::kRule) {
  const auto matcher = Matcher::Compile(match, "rule[3].match", use, Regexes());
  EXPECT_TRUE(matcher.ok() || matcher.status().code() == StatusCode::kInvalidArgument);
  return matcher.ok() ? "no error" : matcher.status().message();
}

std::string ErrorOf(const std::string& text, Matcher::Use use = Matcher::Use::kRule) {
  return ErrorOf(Message<mockpb::Match>(text), use);
}

TEST(Matcher, MatchesStatements) {
  const struct {
    const char* match;
    const char* text;
    bool matches;
  } cases[] = {
      {"", "select 1", true},
      {"", "not a statement", true},
      // kind
      {"kind: 'SELECT'", "select a from t", true},
      {"kind: 'select' kind: 'INSERT'", "insert into t values (1)", true},
      {"kind: 'SELECT'", "insert into t select a from t", false},
      {"kind: 'ALTER TABLE'", "alter table t drop column a", true},
      {"kind: ''", "selekt 1", true},
      {"kind: ''", "select 1", false},
      {"kind: 'SELECT'", "selekt 1", false},
      // table
      {"table: 'sales'", "select a from Sales", true},
      {"table: 'sales'", "select a from t where b in (select c from sales)", true},
      {"table: 'SALES'", "delete from \"sales\"", true},
      {"table: 'sales'", "select sales from t", false},
      {"table: 'sales'", "use sales", false},
      {"table: 'sale'", "select a from sales", false},
      {"table: 'a' table: 'sales'", "drop table sales", true},
      {"table: 'falcon_default_schema.sales'", "show table sales", true},
      {"table: 's.sales'", "show table sales", false},
      {"table: 'shop.*.sales'", "show table s.sales", true},
      {"table: 'shop.s.*'", "truncate table S.x", true},
      {"table: 'shop.*.*'", "truncate table other.s.x", false},
      {"table: '*'", "select 1", false},
      {"table: '*'", "select 1 from t", true},
      {"table: 'sales_*_x'", "select 1 from sales_2024_x", true},
      {"table: 'sales_*_x'", "select 1 from sales_x", false},
      {"table: '\"a.b\"'", "select 1 from \"a.b\"", true},
      {"table: '\"*\"'", "select 1 from t", false},
      // like
      {"like: 'insert into audit values (?, ?)'", "INSERT INTO Audit\nVALUES('x',-1) ;", true},
      {"like: 'insert into audit values (?, ?)'", "insert into audit values (1)", false},
      {"like: 'insert into audit values (?, ?)'", "insert into audits values (1, 2)", false},
      {"like: 'insert into t values (?)'", "insert into t values (null)", true},
      {"like: 'insert into t values (?)'", "insert into t values (1 + 1)", false},
      {"like: 'insert into t values (-?)'", "insert into t values (-1)", true},
      {"like: 'insert into t values (-?)'", "insert into t values (1)", false},
      {"like: 'select a from t where b = 1'", "select a from t where b = 1", true},
      {"like: 'select a from t where b = 1'", "select a from t where b = 2", false},
      {"like: 'select a from t where b = 1'", "select a from t where b = '1'", false},
      {"like: 'select a from t where b = true'", "select a from t where b = TRUE", true},
      {"like: 'select a from t where b = 1e3'", "select a from t where b = 1E3", true},
      {"like: \"select a from t where b = 'x'\"", "select a from t where b = 'X'", false},
      {"like: \"select a from t where b = '?'\"", "select a from t where b = 'x'", false},
      {"like: 'select a from t limit ?'", "select a from t limit 7", true},
      {"like: 'select a from t limit 7'", "select a from t limit 8", false},
      {"like: 'select \"A\" from t'", "select a from \"T\"", true},
      {"like: 'select a as b from t'", "select a b from t -- x", true},
      {"like: 'show statistics for server'", "SHOW  STATISTICS for server;", true},
      // literal
      {"like: 'insert into t values (?, ?)' literal: '*' literal: 'x'",
       "insert into t values (1, 'x')", true},
      {"like: 'insert into t values (?, ?)' literal: '*' literal: 'x'",
       "insert into t values ('x', 1)", false},
      {"like: 'insert into t values (7, ?)' literal: '1'", "insert into t values (7, '1')", true},
      {"like: 'insert into t values (7, ?)' literal: '1'", "insert into t values (7, 1)", true},
      {"like: 'insert into t values (?)' literal: \"'1'\"", "insert into t values (1)", false},
      {"like: 'insert into t values (?)' literal: \"'*'\"", "insert into t values ('*')", true},
      {"like: 'insert into t values (?)' literal: \"'*'\"", "insert into t values ('x')", false},
      {"like: 'insert into t values (?)' literal: 'null'", "insert into t values (NULL)", true},
      {"like: 'insert into t values (?)' literal: 'null'", "insert into t values ('null')", false},
      {"like: 'insert into t values (?)' literal: ''", "insert into t values ('')", true},
      {"like: 'insert into t values (?)' literal: ''", "insert into t values (null)", false},
      // exact, regex
      {"exact: 'select  1'", "select  1;\n", true},
      {"exact: 'select  1'", "select 1", false},
      {"exact: 'SELECT  1'", "select  1", false},
      {"regex: 'from\\\\s+t'", "select a\nfrom\n t where b = 1", true},
      {"regex: '^from'", "select a from t", false},
      {"regex: '(?i)FROM'", "select a from t", true},
      // several fields
      {"kind: 'SELECT' table: 'u'", "select a from t", false},
      {"kind: 'SELECT' table: 't' regex: 'b = 1' database: 'SHOP' index: 0",
       "select a from t where b = 1", true},
      {"database: 'other'", "select 1", false},
      {"index: 1", "select 1", false},
  };
  for (const auto& c : cases) {
    const Matcher matcher = Compiled(c.match);
    EXPECT_EQ(matcher.Matches(Query(c.text)), c.matches) << c.match << " / " << c.text;
    EXPECT_EQ(matcher.Differences(Query(c.text)).parts.empty(), c.matches)
        << c.match << " / " << c.text;
    if (!c.matches) continue;
    // An index of rules relies on it.
    EXPECT_TRUE(matcher.may_match().Includes(Query(c.text))) << c.match;
  }
}

TEST(Matcher, MatchesCalls) {
  Facts login;
  login.call = mockpb::LOGIN;
  login.transport = mockpb::HTTPS;
  login.user = "tsadmin";
  login.path = "/api/rest/2.0/auth/session/login";
  login.method = "POST";
  login.header = [](std::string_view name) -> std::string_view {
    return name == "X-A" ? "abc" : "";
  };
  const struct {
    const char* match;
    bool matches;
  } cases[] = {
      {"", true},
      {"call: LOGIN", true},
      {"call: QUERY call: LOGIN", true},
      {"call: QUERY", false},
      {"call: ANY_CALL", true},
      {"transport: HTTPS", true},
      {"transport: HTTP transport: GRPC", false},
      {"transport: ANY_TRANSPORT", true},
      {"user: 'tsadmin'", true},
      {"user: 'ts'", false},
      {"path: '/api/rest/2.0/auth/session/login'", true},
      {"path: '/api/rest/2.0/auth/session'", false},
      {"path: 'Login' path: '/api/*'", true},
      {"path: '*/session/*in'", true},
      {"path: '/*/*/*/*/*/*'", true},
      {"path: '/*/*/*/*/*/*/*'", false},
      {"path: '*'", true},
      {"path: '/api/rest/2.0/auth/session/login*'", true},
      {"path: '*session*login?'", false},
      {"method: 'POST'", true},
      {"method: 'GET'", false},
      {"path: '*sessions*'", false},
      {"header: {key: 'X-A' value: 'a.c'}", true},
      {"header: {key: 'X-A' value: 'a'}", false},
      {"header: {key: 'X-A' value: 'abc'} header: {key: 'X-B' value: '.+'}", false},
      {"header: {key: 'X-B' value: ''}", true},
      // A call without a statement has neither a kind nor a text.
      {"kind: ''", false},
      {"kind: 'SELECT'", false},
      {"exact: ''", false},
      {"regex: ''", false},
      {"table: '*'", false},
      {"index: 0", false},
      {"option: {key: 'format_output' value: 'true'}", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Compiled(c.match).Matches(login), c.matches) << c.match;
  }
  login.header = nullptr;
  EXPECT_FALSE(Compiled("header: {key: 'X-A' value: 'abc'}").Matches(login));
}

TEST(Matcher, MatchesOptionsThatAreSet) {
  const std::vector<OptionValue> options = {{"adv_options.allow_unsafe", "true"},
                                            {"query_options.pagination.size", "7"}};
  Facts facts = Query("select 1");
  const Matcher unsafe = Compiled("option: {key: 'adv_options.allow_unsafe' value: 'true'}");
  EXPECT_FALSE(unsafe.Matches(facts));
  facts.options = [&] { return std::span<const OptionValue>(options); };
  EXPECT_TRUE(unsafe.Matches(facts));
  EXPECT_FALSE(Compiled("option: {key: 'adv_options.allow_unsafe' value: 'false'}").Matches(facts));
  EXPECT_TRUE(Compiled("option: {key: 'query_options.pagination.size' value: '7'}").Matches(facts));
  // The default of an option is not an option that the client set.
  EXPECT_FALSE(Compiled("option: {key: 'format_output' value: 'true'}").Matches(facts));
}

TEST(Matcher, MatchesWhatIsOver) {
  const std::vector<std::string> rules = {"r1", "busy"};
  Facts facts = Query("select a from t");
  facts.outcome = mockpb::FAILED;
  facts.error = "line 1: table t not found \n";
  facts.rules = rules;
  const struct {
    const char* match;
    bool matches;
  } cases[] = {
      {"outcome: FAILED", true},      {"outcome: OK outcome: ASKED", false},
      {"outcome: ANY_OUTCOME", true}, {"error: 'table \\\\w+ not found'", true},
      {"error: '^table'", false},     {"rule: 'busy'", true},
      {"rule: 'r'", false},           {"outcome: FAILED kind: 'SELECT' rule: 'r1'", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Compiled(c.match, Matcher::Use::kJournal).Matches(facts), c.matches) << c.match;
  }
  EXPECT_FALSE(Compiled("outcome: OK", Matcher::Use::kJournal).Matches(Query("select 1")));
}

TEST(Matcher, DifferencesNameEachPart) {
  const auto differences = [](const std::string& match, const Facts& facts) {
    return Compiled(match, Matcher::Use::kJournal).Differences(facts).parts;
  };
  const Facts insert = Query("INSERT INTO sales VALUES ('north', 1.5)");
  EXPECT_THAT(differences("like: 'insert into sale values (?, ?)'", insert),
              ElementsAre("table: expected sale, found sales"));
  EXPECT_THAT(differences("like: 'insert into sales values (?)'", insert),
              ElementsAre("shape: expected INSERT INTO sales VALUES (?), found INSERT INTO sales "
                          "VALUES (?, ?)"));
  EXPECT_THAT(differences("like: \"insert into sales values ('south', ?)\" literal: '2'", insert),
              ElementsAre("literal 1: expected 'south', found 'north'",
                          "literal 2: expected 2, found 1.5"));
  EXPECT_THAT(differences("like: 'select a from sales'", insert),
              ElementsAre("kind: expected SELECT, found INSERT"));
  EXPECT_THAT(differences("kind: 'SELECT' kind: 'UPDATE' table: 's.sale' call: SCRIPT", insert),
              ElementsAre("call: expected SCRIPT, found QUERY",
                          "kind: expected SELECT or UPDATE, found INSERT",
                          "table: expected s.sale, found falcon_default_schema.sales"));
  EXPECT_THAT(
      differences("outcome: OK user: 'u' option: {key: 'format_output' value: 'false'}", insert),
      ElementsAre("user: expected u, found ''",
                  "option[\"format_output\"]: expected false, found not set",
                  "outcome: expected OK, found none"));
  Facts login;
  login.call = mockpb::LOGIN;
  EXPECT_THAT(differences("kind: 'SELECT'", login),
              ElementsAre("kind: expected SELECT, found a call without a statement"));
}

TEST(Matcher, DistanceRanksNearMisses) {
  const Matcher matcher = Compiled("like: 'insert into sale values (?, ?)'");
  const auto distance = [&](std::string_view text) {
    return matcher.Differences(Query(text)).distance;
  };
  EXPECT_EQ(distance("insert into sale values (1, 2)"), 0);
  EXPECT_LT(distance("insert into sales values (1, 2)"), distance("insert into store values (1)"));
  EXPECT_LT(distance("insert into sales values (1, 2)"), distance("selekt"));
  const Matcher two = Compiled("kind: 'SELECT' table: 'sales'");
  EXPECT_LT(two.Differences(Query("select 1 from store")).distance,
            two.Differences(Query("show table store")).distance);
}

TEST(Matcher, ErrorsNameThePath) {
  const struct {
    const char* match;
    const char* error;
  } cases[] = {
      {"like: 'select FORM t where'", "rule[3].match.like: line 1, column "},
      {"like: 'select a\\n from'", "rule[3].match.like: line 2, column 6: found the end"},
      {"like: ''", "rule[3].match.like: line 1, column 1: "},
      {"like: 'select 1; select 2'", "rule[3].match.like: line 1, column 11: "},
      {"like: 'select ?' literal: 'a' literal: 'b'",
       "rule[3].match.literal: found 2 literals, expected 1, one for each ? of `like`"},
      {"literal: 'a'", "rule[3].match.literal: stands for the ?s of `like`, which is not set"},
      {"regex: 'a('", "rule[3].match.regex: invalid regular expression \"a(\": missing )"},
      {"header: {key: 'X-A' value: '(?=a)'}",
       "rule[3].match.header[\"X-A\"]: invalid regular expression \"(?=a)\": invalid"},
      {"header: {key: '' value: 'a'}", "rule[3].match.header[\"\"]: "},
      {"path: '/a' path: ''", "rule[3].match.path[1]: the path is empty"},
      {"kind: 'SELECT' kind: 'SELEKT'",
       "rule[3].match.kind[1]: unknown kind of statement 'SELEKT'; near names: SELECT"},
      {"kind: 'ALTER'", "rule[3].match.kind[0]: unknown kind of statement 'ALTER'"},
      {"table: ''", "rule[3].match.table[0]: found an empty name, expected t, "},
      {"table: 'a..b'", "rule[3].match.table[0]: found an empty name"},
      {"table: 'a.b.c.d'", "rule[3].match.table[0]: found 'a.b.c.d', expected t, schema.t or "},
      {"table: '\"a'", "rule[3].match.table[0]: the quoted name has no closing \""},
      {"table: '\"a\"b'", "rule[3].match.table[0]: found '\"a\"b', expected"},
      {"table: 'a b'", "rule[3].match.table[0]: found 'a b', expected"},
      {"option: {key: 'allow_unsafe' value: 'true'}",
       "rule[3].match.option[\"allow_unsafe\"]: unknown option"},
      {"option: {key: 'adv_options.alow_unsafe' value: 'true'}",
       "rule[3].match.option[\"adv_options.alow_unsafe\"]: unknown option; near names: "
       "adv_options.allow_unsafe"},
      {"option: {key: 'adv_options' value: 'true'}",
       "rule[3].match.option[\"adv_options\"]: unknown option"},
      {"option: {key: 'adv_options.allow_unsafe' value: 'yes'}",
       "rule[3].match.option[\"adv_options.allow_unsafe\"]: found 'yes', expected true or false"},
      {"outcome: OK", "rule[3].match.outcome: is known after the call only"},
      {"error: 'x'", "rule[3].match.error: is known after the call only"},
      {"rule: 'x'", "rule[3].match.rule: is known after the call only"},
  };
  for (const auto& c : cases) EXPECT_THAT(ErrorOf(c.match), StartsWith(c.error)) << c.match;
  EXPECT_THAT(ErrorOf("header: {key: 'X-A' value: 'a'}", Matcher::Use::kJournal),
              StartsWith("rule[3].match.header: the journal keeps no headers"));
  EXPECT_THAT(ErrorOf("error: '['", Matcher::Use::kJournal),
              StartsWith("rule[3].match.error: invalid regular expression"));
  mockpb::Match unknown;
  unknown.add_call(mockpb::QUERY);
  unknown.add_call(static_cast<mockpb::Call>(99));
  EXPECT_THAT(ErrorOf(unknown),
              StartsWith("rule[3].match.call[1]: found the number 99, expected ANY_CALL, QUERY"));
}

TEST(Matcher, SurvivesHostileInput) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  mockpb::Match match;
  match.set_like("insert into t values (" + std::string(1'000'000, '1') + ")");
  EXPECT_THAT(ErrorOf(match), HasSubstr("found 1000023 bytes, expected at most 65536"));
  match.set_like("select " + std::string(60'000, '(') + "1");
  EXPECT_THAT(ErrorOf(match), HasSubstr("nested more than 200 levels deep"));
  match.set_like("select '\xff'");
  EXPECT_THAT(ErrorOf(match), HasSubstr("the text is not valid UTF-8 here"));
  match.set_regex("((a{100}){100}){100}");
  EXPECT_THAT(ErrorOf(match), StartsWith("rule[3].match.regex: invalid regular expression"));
  match.set_regex(std::string(70'000, 'a'));
  EXPECT_THAT(ErrorOf(match), HasSubstr("found 70000 bytes"));
  match.Clear();
  for (int i = 0; i < 1'001; ++i) match.add_table("t");
  EXPECT_THAT(ErrorOf(match), HasSubstr("found 1001 elements, expected at most 1000"));

  // A pattern with nested repetitions takes linear time.
  const std::string text = "select '" + std::string(1'000'000, 'a') + "'";
  EXPECT_FALSE(Compiled("regex: '(a+)+$'").Matches(Query(text)));
  EXPECT_FALSE(Compiled("regex: '(a*)*(a|aa)+b'").Matches(Query(text)));
  // A glob with many stars on a long name.
  const std::string name(100'000, 'a');
  EXPECT_FALSE(Compiled("table: 'a*a*a*a*a*a*a*a*a*a*b'").Matches(Query("select 1 from " + name)));
  // A statement of megabytes, whose shape is cut.
  std::string rows = "insert into t values (1)";
  while (rows.size() < 8'000'000) rows += ", (1)";
  const Matcher like = Compiled("like: 'insert into t values (?)'");
  EXPECT_FALSE(like.Matches(Query(rows)));
  EXPECT_LT(like.Differences(Query(rows)).parts.at(0).size(), 1'000);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace tql::testdouble
