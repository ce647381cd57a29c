// ALTER TABLE against plain SQLite statements that do the same work, over 1,000,000 rows in a file
// with a write-ahead log. Rows/s are items_per_second.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/plan_builders.h"

namespace tql::storage {
namespace {

using namespace tql::testing;  // NOLINT: the builders read as a small language
using values::Datum;
using values::TypeKind;

constexpr std::int64_t kRows = 1'000'000;

/// A key, a number as text, a datetime, an amount, a text.
plan::TableDef Sales(bool with_key) {
  return MakeTable(1,
                   {{"id", TypeKind::kBigInt},
                    {"code", TypeKind::kVarchar},
                    {"sold", TypeKind::kDateTime},
                    {"amount", TypeKind::kDouble},
                    {"note", TypeKind::kVarchar}},
                   with_key ? std::vector<std::int32_t>{0} : std::vector<std::int32_t>{});
}

std::vector<Datum> Cells(std::vector<std::string>& codes) {
  codes.reserve(static_cast<std::size_t>(kRows));
  std::vector<Datum> cells;
  cells.reserve(static_cast<std::size_t>(kRows) * 5);
  for (std::int64_t row = 0; row < kRows; ++row) {
    codes.push_back(std::to_string(row % 100'000));
    cells.insert(cells.end(), {Datum::Integer(row), Datum::Text(codes.back()),
                               Datum::Integer(1'500'000'000 + row),
                               Datum::Real(static_cast<double>(row % 10'000) / 100),
                               Datum::Text("egular courts above the")});
  }
  return cells;
}

/// A path at which no database exists.
std::string FreshFile() {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "alter_bench.db";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
  return file.string();
}

/// Both sides fill their tables with the same rows before each run.
const std::vector<Datum>& SharedCells() {
  static std::vector<std::string>* const codes = new std::vector<std::string>();
  static const std::vector<Datum>* const cells = new std::vector<Datum>(Cells(*codes));
  return *cells;
}

struct Loaded {
  explicit Loaded(bool with_key)
      : storage(Open()), table(std::make_shared<const plan::TableDef>(Sales(with_key))) {
    plan::Insert insert;
    insert.table = table;
    insert.columns = {0, 1, 2, 3, 4};
    plan::LiteralRows rows;
    rows.cells = SharedCells();
    insert.source = std::move(rows);
    auto transaction = storage->Begin(Intent::kSchema, {}).value();
    const bool done = transaction->CreateTable(*table).ok() &&
                      transaction->Insert(insert, {}).ok() && transaction->Commit().ok();
    if (!done) std::abort();
  }
  static std::unique_ptr<Storage> Open() {
    SqliteOptions options;
    options.path = FreshFile();
    return OpenSqlite(options).value();
  }
  std::unique_ptr<Storage> storage;
  plan::TablePtr table;
};

using Change = std::function<void(plan::TableDef& after, std::vector<plan::Alteration::Source>&)>;

void Alter(benchmark::State& state, const Change& change) {
  for (auto _ : state) {
    state.PauseTiming();
    const Loaded loaded(state.range(0) != 0);
    plan::Alteration alteration;
    alteration.before = loaded.table;
    auto after = std::make_shared<plan::TableDef>(*loaded.table);
    ++after->live_schema_version;
    for (std::int32_t i = 0; i < 5; ++i) alteration.sources.push_back({i, std::nullopt});
    change(*after, alteration.sources);
    alteration.after = after;
    state.ResumeTiming();
    auto transaction = loaded.storage->Begin(Intent::kSchema, {}).value();
    const auto lost = transaction->AlterTable(alteration, {});
    if (!lost.ok() || !lost->empty() || !transaction->Commit().ok()) {
      state.SkipWithError("the alteration failed");
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}

void Modify(benchmark::State& state, std::size_t column, TypeKind to) {
  Alter(state, [&](plan::TableDef& after, std::vector<plan::Alteration::Source>& sources) {
    const TypeKind from = after.columns[column].type.kind;
    after.columns[column].type.kind = to;
    sources[column].conversion = values::ColumnConversion{from, to, {}, false};
  });
}

void ModifyTextToInt(benchmark::State& state) { Modify(state, 1, TypeKind::kInt); }
void ModifyBigIntToText(benchmark::State& state) { Modify(state, 0, TypeKind::kVarchar); }
void ModifyDateTimeToDate(benchmark::State& state) { Modify(state, 2, TypeKind::kDate); }
void AddColumnDefault(benchmark::State& state) {
  Alter(state, [](plan::TableDef& after, std::vector<plan::Alteration::Source>& sources) {
    plan::ColumnDef& column = after.columns.emplace_back();
    column.id = 900;
    column.type.kind = TypeKind::kDouble;
    column.default_text = "0.1";
    sources.emplace_back();
  });
}

/// The same table in SQLite alone.
class Raw {
 public:
  explicit Raw(bool with_key) {
    sqlite3_open_v2(FreshFile().c_str(), &db_,
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
    Run("CREATE TABLE t(id INTEGER, code TEXT, sold INTEGER, amount REAL, note TEXT) STRICT");
    if (with_key) Run("CREATE UNIQUE INDEX k ON t(id)");
    Run("BEGIN");
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(db_, "INSERT INTO t VALUES (?,?,?,?,?)", -1, &statement, nullptr);
    const std::vector<Datum>& cells = SharedCells();
    for (std::size_t i = 0; i < cells.size(); i += 5) {
      sqlite3_bind_int64(statement, 1, cells[i].integer());
      BindText(statement, 2, cells[i + 1].text());
      sqlite3_bind_int64(statement, 3, cells[i + 2].integer());
      sqlite3_bind_double(statement, 4, cells[i + 3].real());
      BindText(statement, 5, cells[i + 4].text());
      sqlite3_step(statement);
      sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    Run("COMMIT");
  }
  ~Raw() { sqlite3_close_v2(db_); }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  void Run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
  }

 private:
  static void BindText(sqlite3_stmt* statement, int parameter, std::string_view text) {
    sqlite3_bind_text(statement, parameter, text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
  }
  sqlite3* db_ = nullptr;
};

void RunRaw(benchmark::State& state, const std::string& sql) {
  for (auto _ : state) {
    state.PauseTiming();
    Raw raw(state.range(0) != 0);
    state.ResumeTiming();
    raw.Run(sql);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}

/// The statements for a column of another native type: a new table, its key, and the old name.
std::string Copy(const std::string& definition, const std::string& list, bool with_key) {
  return "BEGIN; CREATE TABLE n(" + definition + ") STRICT;" +
         (with_key ? "CREATE UNIQUE INDEX kn ON n(id);" : "") + "INSERT INTO n SELECT " + list +
         " FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t; COMMIT";
}

void SqliteTextToInt(benchmark::State& state) {
  RunRaw(state, Copy("id INTEGER, code INTEGER, sold INTEGER, amount REAL, note TEXT",
                     "id, CAST(code AS INTEGER), sold, amount, note", state.range(0) != 0));
}
void SqliteBigIntToText(benchmark::State& state) {
  RunRaw(state, Copy("id TEXT, code TEXT, sold INTEGER, amount REAL, note TEXT",
                     "CAST(id AS TEXT), code, sold, amount, note", state.range(0) != 0));
}
void SqliteDateTimeToDate(benchmark::State& state) {
  RunRaw(state, "UPDATE t SET sold = sold - sold % 86400");
}
void SqliteAddColumnDefault(benchmark::State& state) {
  RunRaw(state, "ALTER TABLE t ADD COLUMN x REAL DEFAULT 0.1");
}

BENCHMARK(ModifyTextToInt)->ArgName("key")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(SqliteTextToInt)->ArgName("key")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(ModifyBigIntToText)->ArgName("key")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(SqliteBigIntToText)->ArgName("key")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(ModifyDateTimeToDate)->ArgName("key")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(SqliteDateTimeToDate)->ArgName("key")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(AddColumnDefault)->ArgName("key")->Arg(0)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(SqliteAddColumnDefault)
    ->ArgName("key")
    ->Arg(0)
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tql::storage
