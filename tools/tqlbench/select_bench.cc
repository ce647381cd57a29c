// Reading whole tables through the client library, against SQLite's shell.
#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/client_rows.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/programs.h"

namespace tqlbench {
tql::Status MeasureSelect(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const auto file = bench.SqliteFile();
  if (!file) return file.status();
  auto client = ConnectClient((*server)->http_url());
  if (!client) return client.status();
  const auto rows = static_cast<double>(bench.options().rows);
  return ForEachPair(bench, "select", [&]() -> tql::Status {
    const auto own = TimeSelectAll(*client, bench.options().rows);
    if (!own) return own.status();
    bench.recorder().Detail("SELECT * over HTTP", "rows/s", rows / *own);
    for (const char* mode : {"json", "csv", "list"}) {
      const auto peer = TimeProgram(SqliteShell(bench, mode, *file), Process::Output::kPipe);
      if (!peer) return peer.status();
      bench.recorder().Add("select/" + std::string(mode), *peer / *own);
      bench.recorder().Detail("sqlite3 -" + std::string(mode), "rows/s", rows / *peer);
    }
    return {};
  });
}

tql::Status MeasureTls(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  auto plain = ConnectClient((*server)->http_url());
  if (!plain) return plain.status();
  auto tls = ConnectClient((*server)->https_url());
  if (!tls) return tls.status();
  return ForEachPair(bench, "https", [&]() -> tql::Status {
    const auto https = TimeSelectAll(*tls, bench.options().rows);
    if (!https) return https.status();
    const auto http = TimeSelectAll(*plain, bench.options().rows);
    if (!http) return http.status();
    bench.recorder().Add("select/https", *http / *https);
    bench.recorder().Detail("SELECT * over HTTPS", "rows/s",
                            static_cast<double>(bench.options().rows) / *https);
    return {};
  });
}

tql::Status MeasureGrpc(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  auto grpc = ConnectClient((*server)->grpc_url());
  if (!grpc) return grpc.status();
  auto https = ConnectClient((*server)->https_url());
  if (!https) return https.status();
  return ForEachPair(bench, "grpc", [&]() -> tql::Status {
    const auto own = TimeSelectAll(*grpc, bench.options().rows);
    if (!own) return own.status();
    const auto peer = TimeSelectAll(*https, bench.options().rows);
    if (!peer) return peer.status();
    bench.recorder().Add("select/grpc", *peer / *own);
    bench.recorder().Detail("SELECT * over gRPC", "rows/s",
                            static_cast<double>(bench.options().rows) / *own);
    return {};
  });
}

tql::Status MeasureFirstRow(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  auto client = ConnectClient((*server)->http_url());
  if (!client) return client.status();
  return ForEachPair(bench, "first row", [&]() -> tql::Status {
    const auto read = ReadRows(*client, kSelectAll);
    if (!read) return read.status();
    bench.recorder().Add("first-row", read->first_row_seconds * 1e3);
    return {};
  });
}

}  // namespace tqlbench
