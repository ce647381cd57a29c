// The cost of a fork of 100 MB against sqlite3_backup of as much, of scans and the first random
// writes after it against a database that was never forked, and the memory of used and idle forks.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sqlite3.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/plan_builders.h"

namespace tql::storage {
namespace {

using namespace tql::testing;  // NOLINT: the builders read as a small language
using values::Datum;
using values::TypeKind;

constexpr std::int64_t kRows = 100'000;
constexpr std::size_t kTextBytes = 950;  // 100 MB with four rows per page.
constexpr int kWrites = 2'000;

void Require(bool done) {
  if (!done) std::abort();
}

std::string TextOfRow(std::int64_t row) {
  std::string text = std::to_string(row);
  text.resize(kTextBytes, 'x');
  return text;
}

const plan::TablePtr& Table() {
  static const plan::TablePtr table = std::make_shared<const plan::TableDef>(
      MakeTable(1, {{"n", TypeKind::kBigInt}, {"text", TypeKind::kVarchar}}, {0}));
  return table;
}

/// Returns a storage with 100 MB.
std::unique_ptr<Storage> Filled() {
  std::unique_ptr<Storage> storage = OpenSqlite({}).value();
  storage->Load().value();
  auto transaction = storage->Begin(Intent::kSchema, {}).value();
  Require(transaction->CreateTable(*Table()).ok());
  for (std::int64_t row = 0; row < kRows;) {
    std::vector<std::string> texts;
    plan::LiteralRows rows;
    for (int i = 0; i < 1000; ++i) texts.push_back(TextOfRow(row + i));
    for (const std::string& text : texts) {
      rows.cells.push_back(Datum::Integer(row++));
      rows.cells.push_back(Datum::Text(text));
    }
    plan::Insert insert;
    insert.table = Table();
    insert.columns = {0, 1};
    insert.source = std::move(rows);
    transaction->Insert(insert, {}).value();
  }
  Require(transaction->Commit().ok());
  return storage;
}

/// Reads every row, but only its first column, so that copying texts does not dominate.
void Scan(Storage& storage) {
  auto cursor =
      storage.Open(MakeQuery(List(Column(1, 0, TypeKind::kBigInt)), From(1, Table())), {}).value();
  std::int64_t rows = 0;
  while (*cursor->Next()) ++rows;
  Require(rows == kRows);
}

void Lookup(Storage& storage, std::int64_t row) {
  auto cursor = storage
                    .Open(MakeQuery(List(Column(1, 1, TypeKind::kVarchar)), From(1, Table()),
                                    Equal(Column(1, 0, TypeKind::kBigInt), Int(row))),
                          {})
                    .value();
  Require(*cursor->Next());
}

/// Changes random rows, each on a separate page, in ten transactions.
void WriteAtRandom(Storage& storage, std::mt19937& random) {
  for (int i = 0; i < 10; ++i) {
    auto transaction = storage.Begin(Intent::kSchema, {}).value();
    for (int j = 0; j < kWrites / 10; ++j) {
      plan::Update update;
      update.table = Table();
      update.relation = 1;
      update.where = Equal(Column(1, 0, TypeKind::kBigInt), Int(random() % kRows));
      std::string text = TextOfRow(j);
      update.assignments.push_back({1, Text(std::move(text))});
      Require(transaction->Update(update, {}).value() == 1);
    }
    Require(transaction->Commit().ok());
  }
}

void Fork(benchmark::State& state) {
  const std::unique_ptr<Storage> storage = Filled();
  for (auto _ : state) benchmark::DoNotOptimize(storage->Fork({}).value().storage);
}
BENCHMARK(Fork)->Unit(benchmark::kMicrosecond);

void ForkToFirstRow(benchmark::State& state) {
  const std::unique_ptr<Storage> storage = Filled();
  for (auto _ : state) {
    const ForkedStorage fork = storage->Fork({}).value();
    Lookup(*fork.storage, 77);
  }
}
BENCHMARK(ForkToFirstRow)->Unit(benchmark::kMicrosecond);

void ReconnectToFirstRow(benchmark::State& state) {
  const std::unique_ptr<Storage> storage = Filled();
  const ForkedStorage fork = storage->Fork({}).value();
  for (auto _ : state) {
    Lookup(*fork.storage, 77);
    Require(fork.storage->ReleaseIdle());
  }
}
BENCHMARK(ReconnectToFirstRow)->Unit(benchmark::kMicrosecond);

double ResidentKib() {
  malloc_trim(0);
  std::int64_t total = 0;
  std::int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / 1024;
}

/// 1,000 forks, each of which inserts and reads a row.
void ForkMemory(benchmark::State& state) {
  constexpr int kForks = 1'000;
  const std::unique_ptr<Storage> storage = Filled();
  for (auto _ : state) {
    const double before = ResidentKib();
    std::vector<ForkedStorage> forks;
    for (int i = 0; i < kForks; ++i) forks.push_back(storage->Fork({}).value());
    const double unused = ResidentKib();
    for (const ForkedStorage& fork : forks) {
      auto transaction = fork.storage->Begin(Intent::kRows, {}).value();
      plan::Insert insert;
      insert.table = Table();
      insert.columns = {0, 1};
      plan::LiteralRows rows;
      rows.cells = {Datum::Integer(kRows), Datum::Text("x")};
      insert.source = std::move(rows);
      transaction->Insert(insert, {}).value();
      Require(transaction->Commit().ok());
      Lookup(*fork.storage, kRows);
    }
    const double used = ResidentKib();
    for (const ForkedStorage& fork : forks) Require(fork.storage->ReleaseIdle());
    const double idle = ResidentKib();
    state.counters["unused_KiB"] = (unused - before) / kForks;
    state.counters["used_KiB"] = (used - before) / kForks;
    state.counters["idle_KiB"] = (idle - before) / kForks;
  }
}
BENCHMARK(ForkMemory)->Iterations(1)->Unit(benchmark::kMillisecond);

void SqliteBackup(benchmark::State& state) {
  sqlite3* from = nullptr;
  sqlite3_open(":memory:", &from);
  sqlite3_exec(from, "CREATE TABLE t(n INTEGER PRIMARY KEY, text TEXT); BEGIN", nullptr, nullptr,
               nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(from, "INSERT INTO t VALUES (?, ?)", -1, &insert, nullptr);
  for (std::int64_t row = 0; row < kRows; ++row) {
    const std::string text = TextOfRow(row);
    sqlite3_bind_int64(insert, 1, row);
    sqlite3_bind_text(insert, 2, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    Require(sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sqlite3_exec(from, "COMMIT", nullptr, nullptr, nullptr);
  for (auto _ : state) {
    sqlite3* to = nullptr;
    sqlite3_open(":memory:", &to);
    sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
    Require(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
    sqlite3_backup_finish(backup);
    sqlite3_close_v2(to);
  }
  sqlite3_close_v2(from);
}
BENCHMARK(SqliteBackup)->Unit(benchmark::kMicrosecond);

void ScanBench(benchmark::State& state) {
  const std::unique_ptr<Storage> storage = Filled();
  const ForkedStorage fork = storage->Fork({}).value();
  Storage& scanned = state.range(0) != 0 ? *fork.storage : *storage;
  for (auto _ : state) Scan(scanned);
}
BENCHMARK(ScanBench)->Name("Scan")->ArgName("fork")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void FirstWrites(benchmark::State& state) {
  const std::unique_ptr<Storage> storage = Filled();
  std::mt19937 random(1);
  for (auto _ : state) {
    state.PauseTiming();
    ForkedStorage fork;
    if (state.range(0) != 0) fork = storage->Fork({}).value();
    Storage& written = fork.storage ? *fork.storage : *storage;
    Lookup(written, 1);
    state.ResumeTiming();
    WriteAtRandom(written, random);
    state.PauseTiming();
    fork.storage.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kWrites);
}
BENCHMARK(FirstWrites)->ArgName("fork")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tql::storage
