#include "tools/tqlbench/script_bench.h"

#include <fstream>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/client_rows.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

constexpr std::string_view kTable =
    "(id INT, name VARCHAR(0), amount DOUBLE, day VARCHAR(0), PRIMARY KEY (id));\n";

std::string Inserts(std::string_view table) {
  std::string script;
  for (int i = 0; i < kInserts; ++i) {
    const std::string number = std::to_string(i);
    script.append("INSERT INTO ").append(table).append(" VALUES (").append(number);
    script.append(", 'name ").append(number).append("', ").append(std::to_string(i % 1000));
    script.append(".25, '2020-01-").append(i % 2 == 0 ? "01" : "31").append("');\n");
  }
  return script;
}

/// The seconds from the request to the end of the last statement. All statements must succeed.
tql::StatusOr<double> TimeScript(tql::Client& client, const std::string& script) {
  tql::Status status;
  int statements = 0;
  const double seconds = TimeOf([&] {
    tql::ScriptResult result = client.RunScript(script);
    while (std::optional<tql::QueryResult> statement = result.Next()) {
      if (tql::Status own = statement->Finish(); !own.ok() && status.ok()) status = own;
      ++statements;
    }
    if (!result.status().ok()) status = result.status();
  });
  if (!status.ok()) return status;
  if (statements != kInserts) {
    return tql::InternalError("the script answered " + std::to_string(statements) + " statements");
  }
  return seconds;
}

/// The seconds from exec to exit, in one transaction in memory.
tql::StatusOr<double> TimeSqlite(const Bench& bench, const std::string& file) {
  tql::Status status;
  const double seconds = TimeOf([&] {
    auto process = Process::Start({bench.options().sqlite3, ":memory:", ".read " + file},
                                  Process::Output::kNull);
    status = process ? process->Wait() : process.status();
  });
  if (!status.ok()) return status;
  return seconds;
}

}  // namespace

tql::StatusOr<double> TimeInsertScript(tql::Client& client, const std::string& table) {
  const std::string create = "CREATE TABLE " + table + ' ' + std::string(kTable);
  if (tql::Status made = client.Execute(create).status; !made.ok()) return made;
  return TimeScript(client, Inserts(table));
}

tql::Status MeasureScript(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  auto client = ConnectClient((*server)->http_url());
  if (!client) return client.status();
  const auto file = bench.WorkFile("inserts.sql");
  if (!file) return file.status();
  std::ofstream(*file) << "CREATE TABLE inserts " << kTable << "BEGIN;\n"
                       << Inserts("inserts") << "COMMIT;\n";
  int number = 0;
  return ForEachPair(bench, "script", [&]() -> tql::Status {
    const auto own = TimeInsertScript(*client, "inserts" + std::to_string(++number));
    if (!own) return own.status();
    const auto peer = TimeSqlite(bench, *file);
    if (!peer) return peer.status();
    bench.recorder().Add("script", *peer / *own);
    bench.recorder().Detail("script of single-row INSERTs", "statements/s", kInserts / *own);
    bench.recorder().Detail("sqlite3, the same in one transaction", "statements/s",
                            kInserts / *peer);
    return {};
  });
}

}  // namespace tqlbench
