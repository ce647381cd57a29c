// What SQL on a connection could do if it were injected past the printer.
#include <gtest/gtest.h>

#include "mockserver/storage/sqlite/catalog_store.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/memory_vfs.h"

namespace tql::storage::sqlite {
namespace {

class ConfinementTest : public ::testing::TestWithParam<Connection::Role> {
 protected:
  void SetUp() override {
    ConfigureSqlite();
    folder_ = *MemoryFolder::Create();
    writer_ = *Connection::Open(options_, folder_->PathOf("db"), MemoryFolder::vfs(),
                                Connection::Role::kWriter);
    ASSERT_EQ(PrepareCatalog(*writer_, "db"), Status());
    ASSERT_EQ(writer_->Execute("PRAGMA journal_mode=WAL; CREATE TABLE t1(c1 INTEGER) STRICT"),
              Status());
    writer_->Trusted(Connection::Trust::kPlan);
    if (GetParam() == Connection::Role::kReader) {
      reader_ = *Connection::Open(options_, folder_->PathOf("db"), MemoryFolder::vfs(),
                                  Connection::Role::kReader);
    }
  }
  Status Try(const char* sql) {
    auto statement = (reader_ ? *reader_ : *writer_).Prepare(sql);
    return statement ? statement->Run() : statement.status();
  }

  SqliteOptions options_;
  std::unique_ptr<MemoryFolder> folder_;
  std::unique_ptr<Connection> writer_;
  std::unique_ptr<Connection> reader_;
};
INSTANTIATE_TEST_SUITE_P(Roles, ConfinementTest,
                         ::testing::Values(Connection::Role::kReader, Connection::Role::kWriter),
                         [](const auto& param) {
                           return param.param == Connection::Role::kReader ? "Reader" : "Writer";
                         });

TEST_P(ConfinementTest, RestrictsSql) {
  for (const char* sql : {"ATTACH '/etc/passwd' AS x",
                          "PRAGMA writable_schema=ON",
                          "PRAGMA journal_mode",
                          "SELECT load_extension('x')",
                          "SELECT * FROM sqlite_master",
                          "SELECT * FROM sqlite_schema",
                          "SELECT * FROM catalog_tables",
                          "DELETE FROM catalog_tables",
                          "INSERT INTO sqlite_schema VALUES (1,2,3,4,5)",
                          "CREATE TABLE t2(a)",
                          "DROP TABLE t1",
                          "CREATE INDEX i ON t1(c1)",
                          "CREATE TRIGGER x AFTER INSERT ON t1 BEGIN SELECT 1; END",
                          "CREATE VIEW v AS SELECT 1",
                          "ALTER TABLE t1 ADD COLUMN c2",
                          "VACUUM INTO '/tmp/x'",
                          "REINDEX",
                          "ANALYZE",
                          "SELECT randomblob(1000000000)",
                          "SELECT sqlite_version()",
                          "SELECT char(65)",
                          "SELECT * FROM pragma_table_list",
                          "SELECT * FROM json_each('[1]')",
                          "SELECT * FROM dbstat",
                          "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r)"
                          " SELECT * FROM r",
                          "SELECT * FROM scratch"}) {
    const Status status = Try(sql);
    EXPECT_FALSE(status.ok()) << sql;
    for (const char* leak : {"sqlite", "catalog", "SQL", "t1", "authorized"}) {
      EXPECT_EQ(status.message().find(leak), std::string::npos) << sql << ": " << status;
    }
  }
  EXPECT_EQ(Try("SELECT c1, count(*), tql_integer(sum(c1), 0) FROM t1 GROUP BY c1"), Status());
}

TEST_P(ConfinementTest, AReaderWritesNothing) {
  const Status status = Try("INSERT INTO t1 VALUES (1)");
  EXPECT_EQ(status.ok(), GetParam() == Connection::Role::kWriter) << status;
}

TEST_P(ConfinementTest, CachesStatements) {
  Connection& connection = reader_ ? *reader_ : *writer_;
  sqlite3_stmt* first = nullptr;
  {
    auto statement = connection.Prepare("SELECT ?1");
    ASSERT_TRUE(statement.ok());
    first = statement->get();
    auto second = connection.Prepare("SELECT ?1");  // While the other one is in use.
    ASSERT_TRUE(second.ok());
    EXPECT_NE(second->get(), first);
  }
  auto again = connection.Prepare("SELECT ?1");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(*again->Step());
  EXPECT_TRUE(again->IsNull(0));  // Bound values are cleared.
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(connection.Prepare("SELECT " + std::to_string(i)).ok());
  }
}

}  // namespace
}  // namespace tql::storage::sqlite
