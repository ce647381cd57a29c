#include "tools/tqlbench/codec.h"

#include <algorithm>

#include "tql/wire/json.h"
#include "tql/wire/messages.h"
#include "tql/wire/response_decoder.h"
#include "tql/wire/response_line.h"

namespace tqlbench {
namespace {

using Table = tql::pb::ExecuteQueryResponse::Result::TableResult;

constexpr std::uint64_t kRowsPerLine = 1000;
constexpr std::size_t kReadBytes = 64 * 1024;

void FillHeaders(Table* table) {
  for (const LineitemColumn& column : kLineitem) {
    auto* header = table->add_headers();
    header->set_name(std::string(column.name));
  }
}

// Calls `line(first, last)` for the rows of each line and adds up the bytes it returns.
template <typename Line>
std::uint64_t ForEachLine(const RowBlock& block, Line line) {
  std::uint64_t bytes = 0;
  for (std::uint64_t first = 0; first < block.rows(); first += kRowsPerLine) {
    bytes += line(first, std::min(first + kRowsPerLine, block.rows()));
  }
  return bytes;
}

}  // namespace

RowBlock::RowBlock(Shape shape, std::uint64_t rows) {
  LineitemGenerator generator(shape);
  std::vector<std::size_t> sizes;
  sizes.reserve(rows * kLineitemColumns);
  for (std::uint64_t number = 1; number <= rows; ++number) {
    for (const std::string_view cell : generator.Row(number)) {
      text_ += cell;
      sizes.push_back(cell.size());
    }
  }
  cells_.reserve(sizes.size());
  const char* start = text_.data();
  for (const std::size_t size : sizes) {
    cells_.emplace_back(start, size);
    start += size;
  }
}

std::uint64_t EncodeFast(const RowBlock& block, std::string* out) {
  Table table;
  FillHeaders(&table);
  const std::string header = tql::ResponseLineWriter::EncodeHeader(table);
  std::string buffer;
  return ForEachLine(block, [&](std::uint64_t first, std::uint64_t last) {
    buffer.clear();
    tql::ResponseLineWriter line(&buffer);
    line.Begin();
    line.Header(header);
    for (std::uint64_t i = first; i < last; ++i) line.Row(block.Row(i));
    line.Complete();
    line.End();
    if (out != nullptr) *out += buffer;
    return buffer.size();
  });
}

std::uint64_t EncodeReference(const RowBlock& block, std::string* out) {
  return ForEachLine(block, [&](std::uint64_t first, std::uint64_t last) {
    tql::pb::ExecuteQueryResponse response;
    Table* table = response.mutable_result()->mutable_table();
    FillHeaders(table);
    for (std::uint64_t i = first; i < last; ++i) {
      auto* row = table->add_rows();
      for (const std::string_view cell : block.Row(i)) row->add_v(cell.data(), cell.size());
    }
    response.mutable_result()->set_complete(true);
    const std::string line = tql::ToJson(response) + "\n";
    if (out != nullptr) *out += line;
    return line.size();
  });
}

tql::StatusOr<Decoded> DecodeFast(std::string_view body) {
  using Event = tql::ResponseDecoder::Event;
  tql::ResponseDecoder decoder;
  Decoded decoded;
  for (;;) {
    switch (decoder.Next()) {
      case Event::kNeedMore:
        if (body.empty()) {
          decoder.Finish();
        } else {
          decoder.Feed(std::string(body.substr(0, kReadBytes)));
          body.remove_prefix(std::min(kReadBytes, body.size()));
        }
        break;
      case Event::kRow:
        ++decoded.rows;
        for (const std::string_view cell : decoder.row()) decoded.cell_bytes += cell.size();
        break;
      case Event::kEnd:
        return decoded;
      case Event::kError:
        return decoder.status();
      default:
        break;
    }
  }
}

tql::StatusOr<Decoded> DecodeReference(std::string_view body) {
  Decoded decoded;
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    tql::pb::ExecuteQueryResponse response;
    if (tql::Status status = tql::ReferenceFromJson(line, &response); !status.ok()) return status;
    decoded.rows += static_cast<std::uint64_t>(response.result().table().rows_size());
    for (const auto& row : response.result().table().rows()) {
      for (const std::string& cell : row.v()) decoded.cell_bytes += cell.size();
    }
  }
  return decoded;
}

}  // namespace tqlbench
