#include "mockserver/storage/sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "mockserver/storage/sqlite/functions.h"

namespace tql::storage::sqlite {
namespace {

constexpr int kBusyMilliseconds = 10'000;
/// Longer texts are not cached, because they are rarely repeated.
constexpr std::size_t kMaxCachedSql = std::size_t{16} << 10;

/// SQLite's own functions that a printed statement may use.
constexpr std::array<std::string_view, 9> kNativeFunctions = {
    "abs", "avg", "coalesce", "count", "max", "min", "mod", "ifnull", "sum"};

bool IsPhysicalTable(std::string_view name) {
  return name.size() > 1 && name[0] == 't' &&
         std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int OnProgress(void* data) {
  auto& running = *static_cast<Running*>(data);
  if (running.on_rows != nullptr) {
    (*running.on_rows)(
        sqlite3_stmt_status(running.counted, SQLITE_STMTSTATUS_FULLSCAN_STEP, /*resetFlg=*/0));
  }
  // A statement whose function has failed ends with that error, not as an interrupted one.
  if (running.cancellation == nullptr || !running.failure.ok()) return 0;
  running.Fail(running.cancellation->Check());
  return running.failure.ok() ? 0 : 1;
}

}  // namespace

void ConfigureSqlite() {
  // No memory statistics: threads would contend for their mutex at every allocation.
  static const int result = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)result;  // fails if the process has already used SQLite, which is harmless
}

std::string PhysicalTable(std::int64_t id) { return std::string("t").append(std::to_string(id)); }
std::string PhysicalColumn(std::int64_t id) { return std::string("c").append(std::to_string(id)); }

StatusOr<std::unique_ptr<Connection>> Connection::Open(const SqliteOptions& options,
                                                       const std::string& path, const char* vfs,
                                                       Role role) {
  ConfigureSqlite();
  std::unique_ptr<Connection> made(new Connection(options, role));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                    (role == Role::kWriter ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &made->db_, flags, vfs);
  if (code == SQLITE_CANTOPEN) {
    return UnavailableError("cannot open the database " + path);
  }
  if (code != SQLITE_OK) return made->Failure(code);
  if (Status status = made->SetUp(); !status.ok()) return status;
  return made;
}

Status Connection::SetUp() {
  sqlite3_extended_result_codes(db_, 1);
  sqlite3_busy_timeout(db_, kBusyMilliseconds);
  for (const auto& [option, value] :
       {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        std::pair{SQLITE_DBCONFIG_DQS_DDL, 0}, std::pair{SQLITE_DBCONFIG_DQS_DML, 0}}) {
    sqlite3_db_config(db_, option, value, nullptr);
  }
  sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, kLongestText);
  sqlite3_limit(db_, SQLITE_LIMIT_ATTACHED, role_ == Role::kWriter ? 1 : 0);  // kImageSchema
  sqlite3_limit(db_, SQLITE_LIMIT_WORKER_THREADS, 0);
  if (const int code = RegisterFunctions(db_, running_); code != SQLITE_OK) return Failure(code);
  sqlite3_progress_handler(db_, options_.steps_per_check, OnProgress, &running_);
  // The size limit truncates a log that has grown during a long read. Large sorts use temporary
  // files, so that memory is bounded.
  if (Status status = Execute("PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=16777216; "
                              "PRAGMA temp_store=FILE; PRAGMA cell_size_check=ON");
      !status.ok()) {
    return status;
  }
  if (role_ == Role::kReader) {
    if (Status status = Execute("PRAGMA query_only=ON"); !status.ok()) return status;
    trust_ = Trust::kPlan;
  }
  sqlite3_set_authorizer(db_, Authorize, this);
  return Status();
}

Connection::~Connection() {
  for (const Cached& entry : cache_) sqlite3_finalize(entry.second);
  sqlite3_close_v2(db_);
}

int Connection::Authorize(void* self, int action, const char* first, const char* second,
                          const char* database, const char* /*trigger*/) {
  const auto view = [](const char* text) { return std::string_view(text ? text : ""); };
  return static_cast<Connection*>(self)->Allows(action, view(first), view(second), view(database))
             ? SQLITE_OK
             : SQLITE_DENY;
}

bool Connection::Allows(int action, std::string_view first, std::string_view second,
                        std::string_view database) const {
  if (action == SQLITE_ATTACH) return attaching_;
  if (trust_ == Trust::kOwn) return true;
  const bool rows =
      database == "main" ? IsPhysicalTable(first) : database == "temp" && first == kScratchTable;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return true;
    case SQLITE_READ:
      // SQLite passes no database for a table of which no column is read, and no name for a
      // sub-query.
      return rows || (database.empty() && (first.empty() || IsPhysicalTable(first)));
    case SQLITE_FUNCTION:
      return second.starts_with(kFunctionPrefix) ||
             std::find(kNativeFunctions.begin(), kNativeFunctions.end(), second) !=
                 kNativeFunctions.end();
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      return role_ == Role::kWriter && rows;
    default:
      return false;
  }
}

bool Connection::HasTable(const std::string& name) const {
  return sqlite3_table_column_metadata(db_, "main", name.c_str(), nullptr, nullptr, nullptr,
                                       nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::size_t Connection::MostColumns() const {
  return static_cast<std::size_t>(sqlite3_limit(db_, SQLITE_LIMIT_COLUMN, -1));
}

StatusOr<Statement> Connection::Prepare(std::string_view sql) {
  Statement statement;
  statement.connection_ = this;
  running_.failure = Status();
  if (const auto found = by_sql_.find(sql); found != by_sql_.end()) {
    const auto entry = found->second;
    by_sql_.erase(found);
    statement.stmt_ = entry->second;
    statement.sql_ = std::move(entry->first);
    cache_.erase(entry);
    return statement;
  }
  const bool keep = sql.size() <= kMaxCachedSql;
  if (sql.size() > static_cast<std::size_t>(sqlite3_limit(db_, SQLITE_LIMIT_SQL_LENGTH, -1))) {
    return Failure(SQLITE_TOOBIG);
  }
  const int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                         keep ? SQLITE_PREPARE_PERSISTENT : 0, &statement.stmt_, nullptr);
  if (code != SQLITE_OK) return Failure(code);
  if (keep) statement.sql_ = sql;
  return statement;
}

void Connection::Keep(std::string sql, sqlite3_stmt* stmt) {
  if (sql.empty() || options_.statement_cache == 0 || by_sql_.contains(sql)) {
    sqlite3_finalize(stmt);
    return;
  }
  cache_.emplace_front(std::move(sql), stmt);
  by_sql_.emplace(cache_.front().first, cache_.begin());
  if (cache_.size() <= options_.statement_cache) return;
  by_sql_.erase(cache_.back().first);
  sqlite3_finalize(cache_.back().second);
  cache_.pop_back();
}

Status Connection::Execute(const char* sql) {
  running_.failure = Status();
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : Failure(code);
}

// SQLite 3.40 replaces a database whose rows the open transaction has read, as long as no statement
// runs. Afterwards the schema is empty, so that no name can refer to a table of a file that was
// freed.
Status Connection::WithImage(std::span<unsigned char> file, const std::function<Status()>& use) {
  const std::string schema(kImageSchema);
  if (!has_image_) {
    attaching_ = true;
    Status status = Execute(("ATTACH ':memory:' AS " + schema).c_str());
    attaching_ = false;
    if (!status.ok()) return status;
    has_image_ = true;
  }
  const auto replace = [&](unsigned char* bytes, std::size_t size, unsigned flags) {
    const Cancellation* const cancellation = std::exchange(running_.cancellation, nullptr);
    attaching_ = true;  // by a statement of SQLite itself
    const int code =
        sqlite3_deserialize(db_, schema.c_str(), bytes, static_cast<sqlite3_int64>(size),
                            static_cast<sqlite3_int64>(size), flags);
    attaching_ = false;
    running_.cancellation = cancellation;
    return code == SQLITE_OK ? Status() : Failure(code);
  };
  Status status = replace(file.data(), file.size(), SQLITE_DESERIALIZE_READONLY);
  if (status.ok()) status = use();
  Status removed = replace(nullptr, 0, 0);
  return status.ok() ? removed : status;
}

void Connection::RemoveImage() {
  if (!has_image_) return;
  const OwnStatements own(*this);
  has_image_ = !Execute(("DETACH " + std::string(kImageSchema)).c_str()).ok();
}

Connection::Cancellable::Cancellable(Connection& connection, const Cancellation& cancellation)
    : connection_(connection) {
  connection_.running_.cancellation = &cancellation;
}
Connection::Cancellable::~Cancellable() { connection_.running_.cancellation = nullptr; }

Statement::~Statement() {
  if (stmt_ == nullptr) return;
  sqlite3_reset(stmt_);
  sqlite3_clear_bindings(stmt_);
  connection_->Keep(std::move(sql_), stmt_);
}

void Statement::Bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(stmt_, parameter, value);
}
void Statement::Bind(int parameter, double value) { sqlite3_bind_double(stmt_, parameter, value); }
void Statement::Bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(stmt_, parameter, text.data() ? text.data() : "", text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
}
void Statement::Bind(int parameter, const values::Datum& value) {
  switch (value.kind()) {
    case values::Datum::Kind::kNull:
      return BindNull(parameter);
    case values::Datum::Kind::kInteger:
      return Bind(parameter, value.integer());
    case values::Datum::Kind::kReal:
      return Bind(parameter, value.real());
    case values::Datum::Kind::kText:
      return Bind(parameter, value.text());
  }
}
void Statement::BindBorrowed(int parameter, std::string_view text) {
  sqlite3_bind_text64(stmt_, parameter, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}
void Statement::BindNull(int parameter) { sqlite3_bind_null(stmt_, parameter); }

StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Status status = connection_->Failure(code);
  sqlite3_reset(stmt_);
  return status;
}

void Statement::Reset() { sqlite3_reset(stmt_); }

Status Statement::Run() {
  const StatusOr<bool> row = Step();
  sqlite3_reset(stmt_);
  return row.status();
}

std::int64_t Statement::Integer(int column) const { return sqlite3_column_int64(stmt_, column); }
std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
  return text == nullptr
             ? std::string()
             : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column)));
}
bool Statement::IsNull(int column) const {
  return sqlite3_column_type(stmt_, column) == SQLITE_NULL;
}

}  // namespace tql::storage::sqlite
