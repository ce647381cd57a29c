// The storage against SQLite's own interface: a scan of lineitem-like rows, an INSERT of literal
// rows, point lookups by primary key. Rows/s are items_per_second.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <array>
#include <string>

#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/plan_builders.h"

namespace tql::storage {
namespace {

using namespace tql::testing;  // NOLINT: the builders read as a small language
using values::Datum;
using values::TypeKind;

constexpr std::int64_t kRows = 100'000;
constexpr std::size_t kColumns = 16;  // Four integers, four reals, eight texts.

constexpr std::array<const char*, 8> kTexts = {"N",          "O",
                                               "1996-03-13", "DELIVER IN PERSON",
                                               "TRUCK",      "egular courts above the",
                                               "1996-02-12", "ly final dependencies"};

std::vector<Datum> Cells(std::int64_t rows) {
  std::vector<Datum> cells;
  cells.reserve(static_cast<std::size_t>(rows) * kColumns);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t i = 0; i < 4; ++i) cells.push_back(Datum::Integer(row + i * 1000));
    for (std::int64_t i = 0; i < 4; ++i) {
      cells.push_back(Datum::Real(static_cast<double>(row % 10'000 + i) / 100));
    }
    for (const char* text : kTexts) cells.push_back(Datum::Text(text));
  }
  return cells;
}

plan::TableDef LineItem(bool with_key) {
  std::vector<std::pair<std::string, TypeKind>> columns;
  for (std::size_t i = 0; i < kColumns; ++i) {
    columns.emplace_back("c" + std::to_string(i), i < 4   ? TypeKind::kBigInt
                                                  : i < 8 ? TypeKind::kDouble
                                                          : TypeKind::kVarchar);
  }
  return MakeTable(1, std::move(columns),
                   with_key ? std::vector<std::int32_t>{0} : std::vector<std::int32_t>{});
}

void InsertCells(Storage& storage, const plan::TablePtr& table, const std::vector<Datum>& cells) {
  plan::Insert insert;
  insert.table = table;
  for (std::size_t i = 0; i < kColumns; ++i) insert.columns.push_back(static_cast<int>(i));
  plan::LiteralRows rows;
  rows.cells = cells;
  insert.source = std::move(rows);
  auto transaction = storage.Begin(Intent::kSchema, {}).value();
  transaction->Insert(insert, {}).value();
  if (!transaction->Commit().ok()) std::abort();
}

struct Loaded {
  explicit Loaded(bool with_key, bool with_rows = true)
      : storage(OpenSqlite({}).value()),
        table(std::make_shared<const plan::TableDef>(LineItem(with_key))) {
    auto transaction = storage->Begin(Intent::kSchema, {}).value();
    if (!transaction->CreateTable(*table).ok() || !transaction->Commit().ok()) std::abort();
    transaction.reset();
    if (with_rows) InsertCells(*storage, table, Cells(kRows));
  }
  plan::Query Select(plan::ExprPtr where = nullptr) const {
    std::vector<plan::ExprPtr> items;
    for (std::size_t i = 0; i < kColumns; ++i) {
      items.push_back(Column(1, static_cast<int>(i), table->columns[i].type.kind));
    }
    return MakeQuery(std::move(items), From(1, table), std::move(where));
  }
  std::unique_ptr<Storage> storage;
  plan::TablePtr table;
};

void ScanThroughCursor(benchmark::State& state) {
  const Loaded loaded(false);
  const plan::Query query = loaded.Select();
  for (auto _ : state) {
    auto cursor = loaded.storage->Open(query, {}).value();
    while (*cursor->Next()) benchmark::DoNotOptimize(cursor->row().data());
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(ScanThroughCursor)->Unit(benchmark::kMillisecond);

void Bind(sqlite3_stmt* statement, const Datum* cells) {
  for (int i = 0; i < static_cast<int>(kColumns); ++i) {
    if (i < 4) {
      sqlite3_bind_int64(statement, i + 1, cells[i].integer());
    } else if (i < 8) {
      sqlite3_bind_double(statement, i + 1, cells[i].real());
    } else {
      sqlite3_bind_text(statement, i + 1, cells[i].text().data(),
                        static_cast<int>(cells[i].text().size()), SQLITE_STATIC);
    }
  }
}

/// The same table in SQLite alone.
struct Raw {
  Raw() {
    sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    sqlite3_exec(
        db,
        "CREATE TABLE t(a INTEGER, b INTEGER, c INTEGER, d INTEGER, e REAL, f REAL, g REAL,"
        " h REAL, i TEXT, j TEXT, k TEXT, l TEXT, m TEXT, n TEXT, o TEXT, p TEXT)",
        nullptr, nullptr, nullptr);
  }
  ~Raw() { sqlite3_close_v2(db); }
  void Insert(const std::vector<Datum>& cells) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr);
    sqlite3_prepare_v2(db, "INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &statement,
                       nullptr);
    for (std::size_t row = 0; row < cells.size(); row += kColumns) {
      Bind(statement, &cells[row]);
      sqlite3_step(statement);
      sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  }
  sqlite3* db = nullptr;
};

void ScanThroughSqlite(benchmark::State& state) {
  Raw raw;
  raw.Insert(Cells(kRows));
  for (auto _ : state) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(raw.db, "SELECT * FROM t", -1, &statement, nullptr);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      for (int i = 0; i < static_cast<int>(kColumns); ++i) {
        if (i < 4) {
          benchmark::DoNotOptimize(sqlite3_column_int64(statement, i));
        } else if (i < 8) {
          benchmark::DoNotOptimize(sqlite3_column_double(statement, i));
        } else {
          benchmark::DoNotOptimize(sqlite3_column_text(statement, i));
          benchmark::DoNotOptimize(sqlite3_column_bytes(statement, i));
        }
      }
    }
    sqlite3_finalize(statement);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(ScanThroughSqlite)->Unit(benchmark::kMillisecond);

void InsertLiterals(benchmark::State& state) {
  const std::vector<Datum> cells = Cells(kRows);
  for (auto _ : state) {
    state.PauseTiming();
    const Loaded loaded(state.range(0) != 0, false);
    state.ResumeTiming();
    InsertCells(*loaded.storage, loaded.table, cells);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(InsertLiterals)->ArgName("key")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void InsertThroughSqlite(benchmark::State& state) {
  const std::vector<Datum> cells = Cells(kRows);
  for (auto _ : state) {
    state.PauseTiming();
    Raw raw;
    state.ResumeTiming();
    raw.Insert(cells);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(InsertThroughSqlite)->Unit(benchmark::kMillisecond);

void PointLookup(benchmark::State& state) {
  const Loaded loaded(true);
  std::int64_t key = 0;
  for (auto _ : state) {
    key = (key + 7919) % kRows;
    auto cursor =
        loaded.storage->Open(loaded.Select(Equal(Column(1, 0, TypeKind::kBigInt), Int(key))), {})
            .value();
    if (!*cursor->Next()) state.SkipWithError("a row is missing");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(PointLookup);

}  // namespace
}  // namespace tql::storage
