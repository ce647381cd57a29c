// Encodes the rows of a table as JSON directly from their cells, without a message.
//
// The output is that of JsonUtil for the equivalent Row message: {"v":["1","x"]}, or {} for a row
// without cells. Strings are escaped as proto/base/json_writer.h describes. Nothing is allocated
// except by the growth of `*out`.
//
// Thread safety: the functions are stateless.
#ifndef TQL_WIRE_ROW_ENCODER_H_
#define TQL_WIRE_ROW_ENCODER_H_

#include <span>
#include <string>
#include <string_view>

namespace tql {

/// Appends {"v":[…]} to `*out`. The cells must not point into `*out`.
void AppendRow(std::span<const std::string_view> cells, std::string* out);

}  // namespace tql

#endif  // TQL_WIRE_ROW_ENCODER_H_
