// Encodes the rows of a table as protobuf directly from their cells. The output is that of the
// equivalent Row messages, without creating them.
//
//   std::string rows;
//   while (…) AppendRowMessage(cells, &rows);
//   send(response.SerializeAsString() + RowsPrefix(rows.size()) + rows);
//
// Invalid UTF-8 becomes U+FFFD (utf8.h). Thread safety: the functions are stateless.
#ifndef TQL_WIRE_ROW_MESSAGE_H_
#define TQL_WIRE_ROW_MESSAGE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tql {

/// Appends one element of TableResult.rows, so that a sequence of them is an encoded TableResult
/// that has only rows. The cells must not point into `*out`.
void AppendRowMessage(std::span<const std::string_view> cells, std::string* out);

/// Returns the protobuf tags and lengths that, followed by `bytes` bytes of encoded rows, form the
/// `table` field of an ExecuteQueryResponse. Appended to an encoded response without rows, they add
/// the rows to it, because protobuf merges repeated occurrences of a message.
std::string RowsPrefix(std::size_t bytes);

}  // namespace tql

#endif  // TQL_WIRE_ROW_MESSAGE_H_
