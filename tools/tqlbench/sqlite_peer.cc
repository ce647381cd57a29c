#include "tools/tqlbench/sqlite_peer.h"

#include <sqlite3.h>

#include <charconv>
#include <memory>

#include "tools/tqlbench/lineitem.h"

namespace tqlbench {
namespace {

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

constexpr const char* kSqliteTypes[] = {"INTEGER", "REAL", "TEXT"};  // By CellKind.

std::string CreateStatement() {
  std::string sql = "CREATE TABLE lineitem (";
  for (const LineitemColumn& column : kLineitem) {
    sql.append(column.name).append(" ").append(kSqliteTypes[static_cast<int>(column.kind)]);
    if (&column == &kLineitem.front()) sql += " PRIMARY KEY";
    sql += &column == &kLineitem.back() ? ")" : ", ";
  }
  return sql;
}

void Bind(sqlite3_stmt* statement, int index, CellKind kind, std::string_view text) {
  if (kind == CellKind::kInteger) {
    sqlite3_int64 value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    sqlite3_bind_int64(statement, index, value);
  } else if (kind == CellKind::kDouble) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    sqlite3_bind_double(statement, index, value);
  } else {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
}

/// A copy in memory.
tql::StatusOr<Database> CopyOf(sqlite3* from) {
  sqlite3* opened = nullptr;
  sqlite3_open(":memory:", &opened);
  Database to(opened, sqlite3_close);
  sqlite3_backup* const backup = sqlite3_backup_init(to.get(), "main", from, "main");
  if (backup == nullptr) return tql::InternalError(sqlite3_errmsg(to.get()));
  const int code = sqlite3_backup_step(backup, -1);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return tql::InternalError(sqlite3_errmsg(to.get()));
  return to;
}

}  // namespace

tql::Status MakeSqliteFile(const std::string& path, std::uint64_t rows) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(path.c_str(), &opened);
  const Database db(opened, sqlite3_close);
  const auto error = [&] { return tql::InternalError(path + ": " + sqlite3_errmsg(db.get())); };
  if (code != SQLITE_OK) return error();
  const auto execute = [&](const std::string& sql) {
    return sqlite3_exec(db.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  if (!execute("PRAGMA synchronous = OFF") || !execute(CreateStatement()) || !execute("BEGIN")) {
    return error();
  }
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(db.get(), "INSERT INTO lineitem VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                     &prepared, nullptr);
  const Statement insert(prepared, sqlite3_finalize);
  LineitemGenerator generator;
  for (std::uint64_t number = 1; number <= rows; ++number) {
    const auto cells = generator.Row(number);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      Bind(insert.get(), static_cast<int>(i) + 1, kLineitem[i].kind, cells[i]);
    }
    if (sqlite3_step(insert.get()) != SQLITE_DONE) return error();
    sqlite3_reset(insert.get());
  }
  return execute("COMMIT") ? tql::Status() : error();
}

tql::StatusOr<SqliteCopier> SqliteCopier::Open(const std::string& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const Database file(opened, sqlite3_close);
  if (code != SQLITE_OK) return tql::InternalError(path + ": " + sqlite3_errmsg(file.get()));
  auto copy = CopyOf(file.get());
  if (!copy) return copy.status();
  return SqliteCopier(*std::move(copy));
}

tql::Status SqliteCopier::Backup() { return CopyOf(database_.get()).status(); }

tql::Status SqliteCopier::Serialize() {
  sqlite3_int64 size = 0;
  unsigned char* const bytes = sqlite3_serialize(database_.get(), "main", &size, 0);
  if (bytes == nullptr) return tql::InternalError("sqlite3_serialize has no memory");
  sqlite3* opened = nullptr;
  sqlite3_open(":memory:", &opened);
  const Database copy(opened, sqlite3_close);
  // SQLite frees the bytes, also after an error.
  const int code =
      sqlite3_deserialize(copy.get(), "main", bytes, size, size, SQLITE_DESERIALIZE_FREEONCLOSE);
  return code == SQLITE_OK ? tql::Status() : tql::InternalError(sqlite3_errmsg(copy.get()));
}

}  // namespace tqlbench
