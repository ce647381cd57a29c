#include "mockserver/upstream/read_only.h"

#include <gtest/gtest.h>

#include "mockserver/dialect/parser.h"

namespace tql::upstream {
namespace {

bool Reads(std::string_view text) {
  const auto statement = dialect::ParseStatement(text, {});
  const service::ResponseSink::StatementInfo info{.text = text};
  const engine::Context context;
  return OnlyReads(
      {.info = info, .statement = statement.ok() ? &*statement : nullptr, .context = context});
}

TEST(ReadOnlyTest, ReadsAndContexts) {
  for (const char* text :
       {"select 1", "SELECT a FROM t", "/* c */ select a -- into\n from t", "show databases",
        "show table t", "script server", "use d", "help", "exit", "select 'x into y' from t",
        "select a from t union select b from u",
        "select count(*) from t where a in (select b from u)"}) {
    EXPECT_TRUE(Reads(text)) << text;
  }
}

TEST(ReadOnlyTest, Writes) {
  for (const char* text :
       {"insert into t values (1)", "update t set a = 1", "delete from t", "create database d",
        "drop table t", "truncate table t", "alter table t set dimension", "compact table t",
        "select a into u from t", "select a into u from t union select b from v"}) {
    EXPECT_FALSE(Reads(text)) << text;
  }
}

/// Texts of another dialect.
TEST(ReadOnlyTest, TextsThatAreNotStatements) {
  for (const char* text :
       {"select a from t lateral view x", "show everything of t", "select from"}) {
    EXPECT_TRUE(Reads(text)) << text;
  }
  for (const char* text :
       {"", "nonsense", "merge into t using u", "select a bulk into u from t !", "explain select 1",
        "select 'unterminated", "select 1 /* unterminated", "with x as (delete from t) select 1",
        "\"select\" 1", "selects 1", "select 1 from ; drop table t"}) {
    EXPECT_FALSE(Reads(text)) << text;
  }
}

}  // namespace
}  // namespace tql::upstream
