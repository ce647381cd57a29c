// Encodes the rows of a table as protobuf directly from their cells, and decodes them as views of
// the bytes. Row messages are not created: they would have a heap string for each cell.
//
//   std::string rows;
//   while (…) AppendRowMessage(cells, &rows);
//   send(response.SerializeAsString() + RowsPrefix(rows.size()) + rows);
//
//   SplitResponse(received, response, rows);
//   for (std::string_view row : rows) SplitRow(row, cells);
//
// Thread safety: the functions are stateless.
#ifndef TQL_WIRE_ROW_MESSAGE_H_
#define TQL_WIRE_ROW_MESSAGE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tql/wire/messages.h"

namespace tql {

/// Appends one element of TableResult.rows, so that a sequence of them is an encoded TableResult
/// that has only rows. Invalid UTF-8 becomes U+FFFD (utf8.h). The cells must not point into `*out`.
void AppendRowMessage(std::span<const std::string_view> cells, std::string* out);

/// Returns the protobuf tags and lengths that, followed by `bytes` bytes of encoded rows, form the
/// `table` field of an ExecuteQueryResponse. Appended to an encoded response without rows, they add
/// the rows to it, because protobuf merges repeated occurrences of a message.
std::string RowsPrefix(std::size_t bytes);

/// Parses an encoded ExecuteQueryResponse, all but the contents of its rows: `response` becomes the
/// message without its rows, and `rows` the encoded Row messages, which are views of `bytes`.
/// Returns false if the bytes are invalid.
[[nodiscard]] bool SplitResponse(std::string_view bytes, pb::ExecuteQueryResponse& response,
                                 std::vector<std::string_view>& rows);

/// Appends to `rows` the encoded Row messages of a table that AppendRowMessage has encoded.
void SplitRows(std::string_view table, std::vector<std::string_view>& rows);

/// Sets `cells` to those of an encoded Row message. Returns false if the bytes are invalid.
[[nodiscard]] bool SplitRow(std::string_view row, std::vector<std::string_view>& cells);

}  // namespace tql

#endif  // TQL_WIRE_ROW_MESSAGE_H_
