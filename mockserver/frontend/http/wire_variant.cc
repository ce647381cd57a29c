#include "mockserver/frontend/http/wire_variant.h"

#include <algorithm>
#include <string_view>

namespace tql::frontend {
namespace {

/// Whether the text is valid in a header of a response.
bool IsContentType(std::string_view text) {
  return !text.empty() && text.size() <= 200 &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

}  // namespace

StatusOr<WireVariant> ParseWireVariant(std::span<const std::string> names) {
  constexpr std::string_view kContentType = "content-type=";
  WireVariant variant;
  for (const std::string& name : names) {
    if (name == "date-time") {
      variant.date_time = true;
    } else if (name == "cell-objects") {
      variant.cell_objects = true;
    } else if (name == "lowercase-strings") {
      variant.lowercase_strings = true;
    } else if (name == "late-load-status") {
      variant.late_load_status = true;
    } else if (name.starts_with(kContentType) && IsContentType(name.substr(kContentType.size()))) {
      variant.content_type = name.substr(kContentType.size());
    } else {
      return InvalidArgumentError(
          "a wire variant is date-time, cell-objects, lowercase-strings, late-load-status or "
          "content-type=TYPE, not \"" +
          name + '"');
    }
  }
  return variant;
}

}  // namespace tql::frontend
