// Loads of a CSV file with the rows of lineitem.
#include <algorithm>
#include <fstream>
#include <optional>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/client_rows.h"
#include "tools/tqlbench/lineitem.h"
#include "tools/tqlbench/measurements.h"
#include "tql/load.h"

namespace tqlbench {
namespace {

constexpr double kMib = 1024.0 * 1024.0;
constexpr std::string_view kKey = ", PRIMARY KEY (l_orderkey)";

void AppendCsvLine(std::span<const std::string_view> cells, std::string* out) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) *out += ',';
    if (cells[i].find_first_of(",\"\n\r") == std::string_view::npos) {
      *out += cells[i];
      continue;
    }
    *out += '"';
    for (const char c : cells[i]) out->append(c == '"' ? 2 : 1, c);
    *out += '"';
  }
  *out += '\n';
}

/// Writes the rows [1, rows].
tql::StatusOr<std::string> CsvFile(Bench& bench, const std::string& name, std::uint64_t rows) {
  auto path = bench.WorkFile(name);
  if (!path) return path;
  std::ofstream file(*path, std::ios::binary);
  LineitemGenerator generator;
  std::string block;
  for (std::uint64_t number = 1; number <= rows; ++number) {
    AppendCsvLine(generator.Row(number), &block);
    if (block.size() < (std::size_t{1} << 20) && number < rows) continue;
    file << block;
    block.clear();
  }
  if (!file.flush()) return tql::UnavailableError("cannot write " + *path);
  return path;
}

/// "(l_orderkey BIGINT, …" with `end` behind the columns; `real` and `text` are the types of the
/// peer.
std::string Columns(std::string_view end, std::string_view real, std::string_view text) {
  std::string sql = "(";
  for (const LineitemColumn& column : kLineitem) {
    if (sql.size() > 1) sql += ", ";
    sql.append(column.name).append(" ");
    sql += column.kind == CellKind::kInteger  ? column.tql_type
           : column.kind == CellKind::kDouble ? real
                                              : text;
  }
  return sql.append(end) + ")";
}

tql::StatusOr<double> TimeLoad(const Server& server, const std::string& table,
                               const std::string& csv, std::uint64_t rows) {
  std::ifstream file(csv, std::ios::binary);
  tql::LoadRequest load;
  load.database = std::string(kDatabase);
  load.table = table;
  load.source = [&](char* into, std::size_t size) -> tql::StatusOr<std::size_t> {
    file.read(into, static_cast<std::streamsize>(size));
    return static_cast<std::size_t>(file.gcount());
  };
  const tql::Options options{.user = std::string(kUser),
                             .credentials = tql::Credentials::Password(std::string(kPassword))};
  tql::LoadOutcome outcome;
  const double seconds = TimeOf([&] { outcome = tql::Load(server.http_url(), options, load); });
  if (!outcome.status.ok()) return outcome.status;
  if (outcome.rows_written != static_cast<std::int64_t>(rows)) {
    return tql::InternalError(std::to_string(outcome.rows_written) + " rows were loaded");
  }
  return seconds;
}

/// The seconds from exec to exit.
tql::StatusOr<double> TimeProcess(const std::vector<std::string>& argv) {
  tql::Status status;
  const double seconds = TimeOf([&] {
    auto process = Process::Start(argv, Process::Output::kNull);
    status = process ? process->Wait() : process.status();
  });
  if (!status.ok()) return status;
  return seconds;
}

tql::StatusOr<double> TimeSqlite(const Bench& bench, const std::string& csv, std::string_view key) {
  return TimeProcess({bench.options().sqlite3,
                      ":memory:", "CREATE TABLE lineitem " + Columns(key, "REAL", "TEXT"),
                      ".mode csv", ".import " + csv + " lineitem"});
}

/// The peers in PostgreSQL, in a cluster of their own table.
class PostgresLoads {
 public:
  PostgresLoads(Postgres& postgres, std::string csv) : postgres_(postgres), csv_(std::move(csv)) {}

  tql::StatusOr<double> Copy() {
    if (tql::Status made = Create("load_plain", ""); !made.ok()) return made;
    return Time({"\\copy load_plain FROM '" + csv_ + "' CSV"});
  }
  /// COPY to a temporary table, and INSERT with ON CONFLICT from there; twice, for rows that are
  /// new and for rows that exist.
  tql::StatusOr<std::pair<double, double>> Upsert() {
    if (tql::Status made = Create("load_key", kKey); !made.ok()) return made;
    std::string set;
    for (const LineitemColumn& column : kLineitem) {
      set.append(set.empty() ? "" : ", ").append(column.name).append(" = excluded.");
      set += column.name;
    }
    const std::vector<std::string> commands = {
        "CREATE TEMP TABLE incoming (LIKE load_key)", "\\copy incoming FROM '" + csv_ + "' CSV",
        "INSERT INTO load_key SELECT * FROM incoming ON CONFLICT (l_orderkey) DO UPDATE SET " +
            set};
    const auto fresh = Time(commands);
    if (!fresh) return fresh.status();
    const auto replaced = Time(commands);
    if (!replaced) return replaced.status();
    return std::pair(*fresh, *replaced);
  }

 private:
  tql::StatusOr<double> Time(const std::vector<std::string>& commands) const {
    std::vector<std::string> options;
    for (std::size_t i = 0; i + 1 < commands.size(); ++i) {
      options.insert(options.end(), {"-c", commands[i]});
    }
    return TimeProcess(postgres_.Psql(commands.back(), options));
  }
  tql::Status Create(const std::string& table, std::string_view key) const {
    return Time({"SET client_min_messages = error", "DROP TABLE IF EXISTS " + table,
                 "CREATE TABLE " + table + " " + Columns(key, "FLOAT8", "TEXT")})
        .status();
  }

  Postgres& postgres_;
  const std::string csv_;
};

tql::Status CreateTable(Server& server, const std::string& table, std::string_view key) {
  auto session = Session::Login(server.http_port());
  if (!session) return session.status();
  for (const std::string& statement :
       {"CREATE DATABASE " + std::string(kDatabase) + ";", "DROP TABLE " + table + ";"}) {
    (void)session->Run(statement);  // it may exist, or not
  }
  return session->Run("CREATE TABLE " + table + ' ' + Columns(key, "DOUBLE", "VARCHAR(0)") + ";")
      .status();
}

}  // namespace

tql::Status MeasureLoad(Bench& bench) {
  const std::uint64_t rows = bench.options().rows;
  const auto csv = CsvFile(bench, "lineitem.csv", rows);
  if (!csv) return csv.status();
  auto server = Server::Start(bench.options().tqlmockd, {"--password-hash-rounds", "1000"});
  if (!server) return server.status();
  std::optional<PostgresLoads> postgres;
  if (const auto cluster = bench.LoadedPostgres(); cluster) {
    postgres.emplace(**cluster, *csv);
  } else {
    for (const char* name : {"load/copy", "load/replace-postgres"}) {
      bench.recorder().Skip(name, cluster.status().message());
    }
  }
  return ForEachPair(bench, "load", [&]() -> tql::Status {
    Recorder& recorder = bench.recorder();
    if (tql::Status made = CreateTable(*server, "plain", ""); !made.ok()) return made;
    if (tql::Status made = CreateTable(*server, "keyed", kKey); !made.ok()) return made;
    const auto plain = TimeLoad(*server, "plain", *csv, rows);
    if (!plain) return plain.status();
    const auto fresh = TimeLoad(*server, "keyed", *csv, rows);
    if (!fresh) return fresh.status();
    const auto replaced = TimeLoad(*server, "keyed", *csv, rows);
    if (!replaced) return replaced.status();
    const auto sqlite = TimeSqlite(bench, *csv, "");
    if (!sqlite) return sqlite.status();
    const auto sqlite_key = TimeSqlite(bench, *csv, kKey);
    if (!sqlite_key) return sqlite_key.status();
    recorder.Add("load/import", *sqlite / *plain);
    recorder.Add("load/import-key", *sqlite_key / *fresh);
    const double count = static_cast<double>(rows);
    recorder.Detail("load without a key", "rows/s", count / *plain);
    recorder.Detail("load with a key, new rows", "rows/s", count / *fresh);
    recorder.Detail("load with a key, replaced rows", "rows/s", count / *replaced);
    recorder.Detail("sqlite3 .import", "rows/s", count / *sqlite);
    recorder.Detail("sqlite3 .import with a key", "rows/s", count / *sqlite_key);
    if (!postgres) return {};
    const auto copy = postgres->Copy();
    if (!copy) return copy.status();
    const auto upsert = postgres->Upsert();
    if (!upsert) return upsert.status();
    recorder.Add("load/copy", *copy / *plain);
    recorder.Add("load/replace-postgres", upsert->second / *replaced);
    recorder.Detail("PostgreSQL COPY", "rows/s", count / *copy);
    recorder.Detail("PostgreSQL COPY and ON CONFLICT, new rows", "rows/s", count / upsert->first);
    recorder.Detail("PostgreSQL COPY and ON CONFLICT, replaced rows", "rows/s",
                    count / upsert->second);
    return {};
  });
}

tql::Status MeasureLoadMemory(Bench& bench) {
  const auto few = CsvFile(bench, "few.csv", kFewRows);
  if (!few) return few.status();
  const auto many = CsvFile(bench, "many.csv", kManyRows);
  if (!many) return many.status();
  const auto data = bench.WorkFile("load.db");
  if (!data) return data.status();
  auto server =
      Server::Start(bench.options().tqlmockd, {"--password-hash-rounds", "1000", "--data", *data});
  if (!server) return server.status();
  const auto peak_of = [&](const std::string& csv, std::uint64_t rows) -> tql::StatusOr<double> {
    if (tql::Status made = CreateTable(*server, "loaded", ""); !made.ok()) return made;
    const pid_t pid = server->process().pid();
    if (tql::Status reset = ResetPeak(pid); !reset.ok()) return reset;
    if (const auto time = TimeLoad(*server, "loaded", csv, rows); !time) return time.status();
    return static_cast<double>(MemoryOf(pid).peak) / kMib;
  };
  const auto small = peak_of(*few, kFewRows);
  if (!small) return small.status();
  const auto large = peak_of(*many, kManyRows);
  if (!large) return large.status();
  bench.recorder().Add("load/memory", std::max(0.0, *large - *small));
  bench.recorder().Detail("peak RSS of the server, load of 5,000,000 rows", "MiB", *large);
  return {};
}

}  // namespace tqlbench
