// Any bytes: PostgreSQL's parser returns a tree or an error with a place, and the printed tree is
// TQL with the same meaning.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mockserver/dialect/postgres/postgres_parser.h"
#include "mockserver/dialect/printer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statement = tql::dialect::ParsePostgresStatement(text, {.max_depth = 30});
  if (!statement.ok()) {
    const tql::TextPlace* place = statement.status().place();
    if (place == nullptr || place->offset > size) std::abort();
    return 0;
  }
  const std::string printed = tql::dialect::Print(*statement);
  // Brackets that PostgreSQL's precedence does not need are printed.
  const auto again = tql::dialect::ParseStatement(printed, {.max_depth = 600});
  if (!again.ok() || tql::dialect::Print(*again) != printed) std::abort();
  return 0;
}
