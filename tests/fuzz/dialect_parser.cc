// Any bytes: the parser returns a tree or an error with a place, and printing and parsing preserve
// a tree.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/printer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statement = tql::dialect::ParseStatement(text);
  if (!statement.ok()) {
    const tql::TextPlace* place = statement.status().place();
    if (place == nullptr || place->offset > size) std::abort();
    return 0;
  }
  const std::string printed = tql::dialect::Print(*statement);
  // An INTERSECT among UNIONs is printed in brackets, one level deeper than it was written.
  const auto again = tql::dialect::ParseStatement(printed, {.max_depth = 600});
  if (!again.ok() || !(*again == *statement) || tql::dialect::Print(*again) != printed) {
    std::abort();
  }
  return 0;
}
