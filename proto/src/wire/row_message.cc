#include "tql/wire/row_message.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "proto/base/utf8.h"
#include "tql/wire/messages.h"

namespace tql {
namespace {

using google::protobuf::internal::WireFormatLite;
using Result = pb::ExecuteQueryResponse::Result;
using Table = Result::TableResult;

/// The tag of a length-delimited field (a string or a message). The tags used here fit in one byte.
constexpr char Tag(int field) {
  return static_cast<char>(field << 3 | WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}
constexpr char kCell = Tag(Table::Row::kVFieldNumber);
constexpr char kRow = Tag(Table::kRowsFieldNumber);
constexpr char kTable = Tag(Result::kTableFieldNumber);
constexpr char kResult = Tag(pb::ExecuteQueryResponse::kResultFieldNumber);

std::size_t LengthSize(std::size_t length) {
  return google::protobuf::io::CodedOutputStream::VarintSize64(length);
}

/// Appends a varint.
void AppendLength(std::size_t length, std::string* out) {
  for (; length >= 0x80; length >>= 7) out->push_back(static_cast<char>(length | 0x80));
  out->push_back(static_cast<char>(length));
}

bool IsValidUtf8(std::string_view text) { return base::ValidUtf8Prefix(text) == text.size(); }

}  // namespace

void AppendRowMessage(std::span<const std::string_view> cells, std::string* out) {
  if (!std::ranges::all_of(cells, IsValidUtf8)) {
    std::vector<std::string> clean;
    for (const std::string_view cell : cells) clean.push_back(base::SanitizeUtf8(cell));
    const std::vector<std::string_view> views(clean.begin(), clean.end());
    return AppendRowMessage(views, out);
  }
  std::size_t size = 0;
  for (const std::string_view cell : cells) size += 1 + LengthSize(cell.size()) + cell.size();
  out->push_back(kRow);
  AppendLength(size, out);
  for (const std::string_view cell : cells) {
    out->push_back(kCell);
    AppendLength(cell.size(), out);
    out->append(cell);
  }
}

std::string RowsPrefix(std::size_t bytes) {
  std::string prefix(1, kResult);
  AppendLength(1 + LengthSize(bytes) + bytes, &prefix);
  prefix.push_back(kTable);
  AppendLength(bytes, &prefix);
  return prefix;
}

}  // namespace tql
