// Rows of a table as protobuf, straight from the cells: the bytes that a Row message with the same
// cells has, without the message.
//
//   std::string rows;
//   while (…) AppendRowMessage(cells, &rows);
//   send(response.SerializeAsString() + RowsPrefix(rows.size()) + rows);
//
// Bytes that are no UTF-8 become U+FFFD (utf8.h). Thread safety: the functions keep no state.
#ifndef TQL_WIRE_ROW_MESSAGE_H_
#define TQL_WIRE_ROW_MESSAGE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tql {

/// Appends one element of TableResult.rows. So `*out`, empty before the first, is a TableResult
/// that has these rows and nothing else. The cells must not lie in `*out`.
void AppendRowMessage(std::span<const std::string_view> cells, std::string* out);

/// What makes so many bytes of rows, put behind it, the table of an ExecuteQueryResponse. Behind an
/// encoded response without rows, protobuf adds them to what that one has.
std::string RowsPrefix(std::size_t bytes);

}  // namespace tql

#endif  // TQL_WIRE_ROW_MESSAGE_H_
