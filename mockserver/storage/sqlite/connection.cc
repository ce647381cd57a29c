#include "mockserver/storage/sqlite/connection.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "mockserver/storage/sqlite/functions.h"

namespace tql::storage::sqlite {
namespace {

/// How many of SQLite's instructions run between two looks at the Cancellation: some 0.2 ms.
constexpr int kProgressInterval = 10'000;
constexpr int kBusyTimeoutMs = 60'000;

bool IsPhysicalTable(std::string_view name) {
  return name.size() > 1 && name[0] == 't' &&
         std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool IsOwnTable(std::string_view name) { return IsPhysicalTable(name) || name.starts_with("tql_"); }

/// SQLite's own functions that a printed plan calls.
bool IsPlanFunction(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kAllowed = {
      "abs", "avg", "count", "like", "max", "min", "sum", "printf", "coalesce"};
  return name.starts_with("tql_") ||
         std::find(kAllowed.begin(), kAllowed.end(), name) != kAllowed.end();
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)),
      key_(other.key_),
      stmt_(std::exchange(other.stmt_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(owner_, other.owner_);
  std::swap(key_, other.key_);
  std::swap(stmt_, other.stmt_);
  return *this;
}

Statement::~Statement() {
  if (stmt_ != nullptr) owner_->GiveBack(key_, stmt_);
}

void Statement::Bind(int index, std::string_view value) {
  // A null pointer would bind NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_text64(stmt_, index + 1, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return owner_->Error(code);
}

Status Statement::Run() {
  for (;;) {
    const StatusOr<bool> more = Step();
    if (!more.ok()) {
      Reset();
      return more.status();
    }
    if (!*more) break;
  }
  Reset();
  return Status();
}

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

StatusOr<std::unique_ptr<Connection>> Connection::Open(const Options& options) {
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(options.path.c_str(), &db, flags, options.vfs);
  if (code != SQLITE_OK) {
    Status status = UnavailableError("cannot open the database " + options.path + ": " +
                                     (db ? sqlite3_errmsg(db) : "out of memory"));
    sqlite3_close(db);
    return status;
  }
  std::unique_ptr<Connection> connection(new Connection(db, options.statement_cache));
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, kBusyTimeoutMs);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_progress_handler(db, kProgressInterval, &Connection::OnProgress, connection.get());
  if (Status status = RegisterFunctions(*connection); !status.ok()) return status;
  return connection;
}

Connection::~Connection() {
  for (Cached& cached : cached_) sqlite3_finalize(cached.stmt);
  sqlite3_close(db_);
}

void Connection::Confine() {
  confined_ = true;
  sqlite3_set_authorizer(db_, &Connection::Authorize, this);
}

StatusOr<Statement> Connection::Prepare(std::string_view sql) {
  if (const auto it = by_sql_.find(sql); it != by_sql_.end() && it->second->stmt != nullptr) {
    cached_.splice(cached_.begin(), cached_, it->second);
    return Statement(this, it->second->sql, std::exchange(it->second->stmt, nullptr));
  }
  sqlite3_stmt* stmt = nullptr;
  if (sql.size() > 1'000'000'000) return OutOfRangeError("the statement is too long");
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt, nullptr);
  if (code != SQLITE_OK) return Error(code);
  // Long texts are rare and large; a second user of a statement in use gets one of his own.
  if (sql.size() > 64 * 1024 || by_sql_.contains(sql)) return Statement(this, {}, stmt);
  for (auto it = cached_.end(); cached_.size() >= cache_limit_ && it != cached_.begin();) {
    --it;
    if (it->stmt == nullptr) continue;
    sqlite3_finalize(it->stmt);
    by_sql_.erase(it->sql);
    it = cached_.erase(it);
  }
  cached_.push_front(Cached{std::string(sql), nullptr});
  by_sql_.emplace(cached_.front().sql, cached_.begin());
  return Statement(this, cached_.front().sql, stmt);
}

void Connection::GiveBack(std::string_view key, sqlite3_stmt* stmt) {
  sqlite3_reset(stmt);
  sqlite3_clear_bindings(stmt);
  if (key.empty()) {
    sqlite3_finalize(stmt);
    return;
  }
  by_sql_.find(key)->second->stmt = stmt;
}

Status Connection::Run(std::string_view sql) {
  StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  return statement->Run();
}

Status Connection::Error(int code) {
  if (!function_error_.ok()) return std::exchange(function_error_, Status());
  if (!stopped_.ok()) return std::exchange(stopped_, Status());
  const std::string text = sqlite3_errmsg(db_);
  const std::string_view view = text;
  const auto has = [&](std::string_view part) { return view.find(part) != view.npos; };
  switch (code & 0xff) {
    case SQLITE_INTERRUPT:
      return CancelledError("the statement was cancelled");
    case SQLITE_NOMEM:
      return ResourceExhaustedError("out of memory");
    case SQLITE_FULL:
      return ResourceExhaustedError("the disk or the database is full");
    case SQLITE_TOOBIG:
      return OutOfRangeError("a value is too large");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return UnavailableError("the database is in use by another program");
    case SQLITE_SCHEMA:
      return AbortedError("a table has changed");
    default:
      break;
  }
  if (has("no such table") || has("no such column")) return AbortedError("a table has changed");
  if (has("integer overflow")) return OutOfRangeError("integer overflow");
  if (has("Expression tree is too large") || has("parser stack overflow")) {
    return InvalidArgumentError("an expression is nested too deeply");
  }
  if (has("at most 64 tables")) return InvalidArgumentError("a join has more than 64 tables");
  if (has("too many")) return InvalidArgumentError("the statement is too large: " + text);
  return InternalError("storage: " + text);
}

int Connection::OnProgress(void* self) {
  auto* connection = static_cast<Connection*>(self);
  if (connection->cancellation_ == nullptr) return 0;
  connection->stopped_ = connection->cancellation_->Check();
  return connection->stopped_.ok() ? 0 : 1;
}

int Connection::Authorize(void* /*self*/, int action, const char* a, const char* b,
                          const char* /*database*/, const char* /*trigger*/) {
  const std::string_view first = a ? a : "";
  const std::string_view second = b ? b : "";
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return IsPlanFunction(second) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_READ:
    case SQLITE_UPDATE:
    case SQLITE_INSERT:
    case SQLITE_DELETE:
      // The schema tables are changed by CREATE and DROP alone: defensive mode sees to that.
      return IsOwnTable(first) || first.empty() || first == "sqlite_master" ||
                     first == "sqlite_temp_master"
                 ? SQLITE_OK
                 : SQLITE_DENY;
    case SQLITE_CREATE_TABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_DROP_TEMP_TABLE:
      return IsOwnTable(first) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_CREATE_INDEX:
    case SQLITE_DROP_INDEX:
    case SQLITE_REINDEX:
      return IsOwnTable(second) || action == SQLITE_REINDEX ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

}  // namespace tql::storage::sqlite
