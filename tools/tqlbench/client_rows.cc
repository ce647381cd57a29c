#include "tools/tqlbench/client_rows.h"

#include <chrono>
#include <variant>

#include "tools/tqlbench/programs.h"
#include "tools/tqlbench/server.h"

namespace tqlbench {

tql::StatusOr<tql::Client> ConnectClient(const std::string& url) {
  tql::Options options;
  options.user = kUser;
  options.credentials = tql::Credentials::Password(std::string(kPassword));
  options.database = kDatabase;
  options.tls.insecure = true;  // The server has just created its certificate.
  options.statement.query_results_apply_top_row_count = 0;
  options.statement.pagination_size = 1'000'000'000;
  return tql::Client::Connect(url, std::move(options));
}

tql::StatusOr<RowsRead> ReadRows(tql::Client& client, const std::string& statement) {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  auto stream = client.Stream(statement);
  if (!stream) return stream.status();
  RowsRead read;
  for (;;) {
    auto event = (*stream)->Next();
    if (!event) return event.status();
    if (const auto* row = std::get_if<tql::RowView>(&*event)) {
      if (read.rows++ == 0) read.first_row_seconds = elapsed();
      for (const std::string_view cell : *row) read.cell_bytes += cell.size();
    } else if (const auto* message = std::get_if<tql::Message>(&*event)) {
      if (message->severity == tql::Severity::kError) return tql::InternalError(message->text);
    } else if (std::holds_alternative<tql::StreamEnd>(*event)) {
      read.seconds = elapsed();
      return read;
    }
  }
}

tql::StatusOr<double> TimeSelectAll(tql::Client& client, std::uint64_t rows) {
  const auto read = ReadRows(client, kSelectAll);
  if (!read) return read.status();
  if (read->rows != rows) {
    return tql::InternalError("SELECT returned " + std::to_string(read->rows) + " rows");
  }
  return read->seconds;
}

}  // namespace tqlbench
