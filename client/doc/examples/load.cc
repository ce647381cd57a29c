// The example of load.md.
#include "tql/load.h"

#include <fstream>
#include <iostream>

#include "client/doc/examples/examples.h"

namespace examples {

tql::Status LoadFile(const std::string& url, const tql::Options& options, const std::string& path) {
  std::ifstream file(path);
  tql::LoadRequest load;
  load.database = "retail";
  load.table = "visitor";
  load.format.has_header_row = true;
  load.max_ignored_rows = 10;
  load.source = [&](char* into, std::size_t size) -> tql::StatusOr<std::size_t> {
    file.read(into, static_cast<std::streamsize>(size));
    if (file.bad()) return tql::UnavailableError("cannot read " + path);
    return static_cast<std::size_t>(file.gcount());
  };
  std::string bad_records;
  load.on_bad_records = [&](std::string_view piece) {
    bad_records += piece;
    return tql::Status();
  };
  tql::LoadOutcome outcome = tql::Load(url, options, load);
  for (const std::string& error : outcome.parsing_errors) std::cout << error << '\n';
  std::cout << bad_records << outcome.rows_written << " rows\n";
  return outcome.status;
}

}  // namespace examples
