#include "tql/wire/row_message.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "proto/base/copy_bytes.h"
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

/// The most bytes of a length.
constexpr std::size_t kMostLength = 10;

/// Writes a varint and returns its end.
char* PutLength(std::size_t length, char* out) {
  for (; length >= 0x80; length >>= 7) *out++ = static_cast<char>(length | 0x80);
  *out++ = static_cast<char>(length);
  return out;
}

void AppendLength(std::size_t length, std::string* out) {
  char bytes[kMostLength];
  out->append(bytes, PutLength(length, bytes));
}

/// Writes the field and returns its end. Sets `ascii` to false if the cell has other bytes.
char* PutCell(std::string_view cell, char* out, bool& ascii) {
  *out++ = kCell;
  out = PutLength(cell.size(), out);
#ifdef __SSE2__
  const char* at = cell.data();
  const char* const end = at + cell.size();
  __m128i all = _mm_setzero_si128();
  for (; end - at > 16; at += 16, out += 16) all = _mm_or_si128(all, base::Copy16(at, out));
  const auto rest = static_cast<std::size_t>(end - at);
  if (rest > 0) all = _mm_or_si128(all, base::CopyShort(at, rest, out));
  ascii = ascii && _mm_movemask_epi8(all) == 0;
  return out + rest;
#else
  ascii = false;
  return std::ranges::copy(cell, out).out;
#endif
}

bool IsValidUtf8(std::string_view text) { return base::ValidUtf8Prefix(text) == text.size(); }

/// Reads the fields of an encoded message.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes)
      : bytes_(bytes),
        input_(reinterpret_cast<const std::uint8_t*>(bytes.data()),
               static_cast<int>(bytes.size())) {}

  /// Moves to the next field. Returns false at the end, and if the bytes are invalid.
  bool Next() {
    begin_ = at();
    tag_ = input_.ReadTag();
    if (tag_ == 0) return false;
    if (WireFormatLite::GetTagWireType(tag_) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      value_ = {};
      return WireFormatLite::SkipField(&input_, tag_);
    }
    std::uint32_t length = 0;
    if (!input_.ReadVarint32(&length) || length > bytes_.size() - at()) return false;
    value_ = bytes_.substr(at(), length);
    return input_.Skip(static_cast<int>(length));
  }
  /// Whether all fields were read, after Next() has returned false.
  bool done() const { return begin_ == bytes_.size(); }
  /// Whether the field is the message or the string with this tag.
  bool Is(char tag) const { return tag_ == static_cast<std::uint8_t>(tag); }
  /// The contents of a message or a string.
  std::string_view value() const { return value_; }
  /// The whole field.
  std::string_view bytes() const { return bytes_.substr(begin_, at() - begin_); }

 private:
  std::size_t at() const { return static_cast<std::size_t>(input_.CurrentPosition()); }

  const std::string_view bytes_;
  google::protobuf::io::CodedInputStream input_;
  std::size_t begin_ = 0;
  std::uint32_t tag_ = 0;
  std::string_view value_;
};

/// Parses a field, and merges it into the message.
bool Merge(std::string_view field, google::protobuf::MessageLite& message) {
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(field.data()),
                                               static_cast<int>(field.size()));
  return message.MergePartialFromCodedStream(&input);
}

bool SplitTable(std::string_view bytes, Table& table, std::vector<std::string_view>& rows) {
  FieldReader fields(bytes);
  while (fields.Next()) {
    if (fields.Is(kRow)) {
      rows.push_back(fields.value());
    } else if (!Merge(fields.bytes(), table)) {
      return false;
    }
  }
  return fields.done();
}

bool SplitResult(std::string_view bytes, Result& result, std::vector<std::string_view>& rows) {
  FieldReader fields(bytes);
  while (fields.Next()) {
    const bool ok = fields.Is(kTable) ? SplitTable(fields.value(), *result.mutable_table(), rows)
                                      : Merge(fields.bytes(), result);
    if (!ok) return false;
  }
  return fields.done();
}

}  // namespace

void AppendRowMessage(std::span<const std::string_view> cells, std::string* out) {
  std::size_t size = 0;
  for (const std::string_view cell : cells) size += 1 + LengthSize(cell.size()) + cell.size();
  // Appending a buffer once is faster than appending each cell to the string.
  char buffer[4096];
  bool ascii = true;
  if (size <= sizeof(buffer) - 1 - kMostLength) {
    char* at = buffer;
    *at++ = kRow;
    at = PutLength(size, at);
    for (const std::string_view cell : cells) at = PutCell(cell, at, ascii);
    if (ascii || std::ranges::all_of(cells, IsValidUtf8)) {
      out->append(buffer, at);
      return;
    }
  }
  if (!std::ranges::all_of(cells, IsValidUtf8)) {
    std::vector<std::string> clean;
    for (const std::string_view cell : cells) clean.push_back(base::SanitizeUtf8(cell));
    const std::vector<std::string_view> views(clean.begin(), clean.end());
    return AppendRowMessage(views, out);
  }
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

bool SplitResponse(std::string_view bytes, pb::ExecuteQueryResponse& response,
                   std::vector<std::string_view>& rows) {
  response.Clear();
  rows.clear();
  FieldReader fields(bytes);
  while (fields.Next()) {
    const bool ok = fields.Is(kResult)
                        ? SplitResult(fields.value(), *response.mutable_result(), rows)
                        : Merge(fields.bytes(), response);
    if (!ok) return false;
  }
  return fields.done();
}

void SplitRows(std::string_view table, std::vector<std::string_view>& rows) {
  for (FieldReader fields(table); fields.Next();) rows.push_back(fields.value());
}

bool SplitRow(std::string_view row, std::vector<std::string_view>& cells) {
  cells.clear();
  // Most cells are short: their length has one byte.
  while (row.size() >= 2 && row[0] == kCell && static_cast<std::uint8_t>(row[1]) < 0x80) {
    const std::size_t length = static_cast<std::uint8_t>(row[1]);
    if (length > row.size() - 2) return false;
    cells.push_back(row.substr(2, length));
    row.remove_prefix(2 + length);
  }
  FieldReader fields(row);
  while (fields.Next()) {
    if (fields.Is(kCell)) cells.push_back(fields.value());
  }
  return fields.done();
}

}  // namespace tql
