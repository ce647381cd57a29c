// Rows of a table as JSON, straight from the cells.
//
// The bytes are those that JsonUtil writes for the same Row message: {"v":["1","x"]}, and {} for a
// row without cells. Escaped are the quote, the backslash, control characters, '<', '>' and the
// invisible characters of Unicode (U+007F-009F, 00AD, 2028, 2029, FEFF, …) as \uXXXX; bytes that
// are no UTF-8 become U+FFFD (utf8.h). No allocation but the growth of `*out`.
//
// Thread safety: the functions keep no state.
#ifndef TQL_WIRE_ROW_ENCODER_H_
#define TQL_WIRE_ROW_ENCODER_H_

#include <span>
#include <string>
#include <string_view>

namespace tql {

/// Appends {"v":[…]} to `*out`. The cells must not lie in `*out`.
void AppendRow(std::span<const std::string_view> cells, std::string* out);

/// Appends `text` as a JSON string with its quotes. `text` must not lie in `*out`.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace tql

#endif  // TQL_WIRE_ROW_ENCODER_H_
