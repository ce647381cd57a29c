#include "tql/wire/row_message.h"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/utf8.h"
#include "tql/wire/messages.h"

namespace tql {
namespace {

using Table = pb::ExecuteQueryResponse::Result::TableResult;
using Cells = std::vector<std::string>;

void AddTo(Table& table, const Cells& cells) {
  Table::Row& row = *table.add_rows();
  for (const std::string& cell : cells) row.add_v(base::SanitizeUtf8(cell));
}

std::string Encoded(const std::vector<Cells>& rows) {
  std::string out;
  for (const Cells& cells : rows) {
    const std::vector<std::string_view> views(cells.begin(), cells.end());
    AppendRowMessage(views, &out);
  }
  return out;
}

/// Lengths around those at which the encoded length takes another byte.
std::vector<Cells> ManyRows() {
  std::vector<Cells> rows = {{}, {""}, {"", ""}, {"a", "é", "\xF0\x9F\x98\x80"}, {"a\xff", "\xc0"}};
  for (const std::size_t size : {1, 122, 123, 124, 125, 126, 127, 128, 16'379, 16'380, 16'381,
                                 16'383, 16'384, 2'097'151, 2'097'152}) {
    rows.push_back({std::string(size, 'x')});
    rows.push_back({"1", std::string(size, 'y'), ""});
  }
  return rows;
}

TEST(RowMessageTest, MatchesSerializedTable) {
  Table all;
  for (const Cells& cells : ManyRows()) {
    Table table;
    AddTo(table, cells);
    AddTo(all, cells);
    EXPECT_EQ(Encoded({cells}), table.SerializeAsString());
  }
  EXPECT_EQ(Encoded(ManyRows()), all.SerializeAsString());
}

TEST(RowMessageTest, RowsCanBeAppendedToResponse) {
  pb::ExecuteQueryResponse response;
  response.mutable_result()->mutable_final_context()->set_database("d");
  response.mutable_result()->mutable_table()->add_headers()->set_name("a");
  response.mutable_result()->set_complete(true);
  for (const std::vector<Cells>& rows : {std::vector<Cells>{{"1"}}, ManyRows()}) {
    const std::string bytes = Encoded(rows);
    pb::ExecuteQueryResponse expected = response;
    for (const Cells& cells : rows) AddTo(*expected.mutable_result()->mutable_table(), cells);
    pb::ExecuteQueryResponse read;
    ASSERT_TRUE(
        read.ParseFromString(response.SerializeAsString() + RowsPrefix(bytes.size()) + bytes));
    EXPECT_EQ(read.SerializeAsString(), expected.SerializeAsString());
  }
}

/// The message that SplitResponse and SplitRow find in the bytes; nullopt if these are invalid.
std::optional<pb::ExecuteQueryResponse> Joined(std::string_view bytes) {
  pb::ExecuteQueryResponse response;
  std::vector<std::string_view> rows;
  if (!SplitResponse(bytes, response, rows)) return std::nullopt;
  EXPECT_EQ(response.result().table().rows_size(), 0);
  std::vector<std::string_view> cells;
  for (const std::string_view row : rows) {
    if (!SplitRow(row, cells)) return std::nullopt;
    Table::Row& added = *response.mutable_result()->mutable_table()->add_rows();
    for (const std::string_view cell : cells) added.add_v(std::string(cell));
  }
  return response;
}

/// protobuf's own parser is the reference. Unknown fields of rows are dropped.
void ExpectAsProtobuf(std::string_view bytes) {
  pb::ExecuteQueryResponse expected;
  const bool valid = expected.ParseFromString(std::string(bytes));
  const std::optional<pb::ExecuteQueryResponse> joined = Joined(bytes);
  ASSERT_EQ(joined.has_value(), valid) << testing::PrintToString(bytes);
  if (!valid) return;
  for (Table::Row& row : *expected.mutable_result()->mutable_table()->mutable_rows()) {
    row.DiscardUnknownFields();
  }
  pb::ExecuteQueryResponse found = *joined;
  found.mutable_result()->mutable_table();  // as the loop above does
  EXPECT_EQ(found.SerializeAsString(), expected.SerializeAsString());
}

/// A response with every part, in the order of the bytes of real services.
pb::ExecuteQueryResponse Response(const std::vector<Cells>& rows) {
  pb::ExecuteQueryResponse response;
  response.mutable_request()->mutable_query()->set_statement("SELECT 1");
  response.set_script_complete(true);
  auto& result = *response.mutable_result();
  result.mutable_final_context()->set_database("d");
  result.add_progress()->set_percentage(50);
  result.mutable_table()->add_headers()->set_name("a");
  for (const Cells& cells : rows) AddTo(*result.mutable_table(), cells);
  result.add_message()->set_value("1 rows selected. \n");
  result.set_complete(true);
  return response;
}

TEST(RowMessageTest, SplitsWhatProtobufParses) {
  ExpectAsProtobuf("");
  ExpectAsProtobuf(Response({}).SerializeAsString());
  ExpectAsProtobuf(Response(ManyRows()).SerializeAsString());
  const std::string rows = Encoded({{"1", "2"}, {}, {"3"}});
  const std::string once = Response({{"0"}}).SerializeAsString();
  ExpectAsProtobuf(once + RowsPrefix(rows.size()) + rows);
  ExpectAsProtobuf(once + once + RowsPrefix(rows.size()) + rows + once);
  ExpectAsProtobuf(once + RowsPrefix(0));
}

TEST(RowMessageTest, SkipsUnknownFields) {
  const std::string_view unknown("\x7a\x02xy\x78\x05", 6);  // field 15: a string, a varint
  pb::ExecuteQueryResponse response = Response({{"1"}});
  for (google::protobuf::Message* const message : std::vector<google::protobuf::Message*>{
           &response, response.mutable_result(), response.mutable_result()->mutable_table(),
           response.mutable_result()->mutable_table()->mutable_rows(0)}) {
    google::protobuf::UnknownFieldSet& fields =
        *message->GetReflection()->MutableUnknownFields(message);
    ASSERT_TRUE(fields.ParseFromString(std::string(unknown)));
  }
  ExpectAsProtobuf(response.SerializeAsString());
}

TEST(RowMessageTest, RefusesWhatProtobufRefuses) {
  const std::string whole = Response({{"1", std::string(200, 'x')}, {""}}).SerializeAsString();
  for (std::size_t size = 0; size < whole.size(); ++size) ExpectAsProtobuf(whole.substr(0, size));
  const google::protobuf::LogSilencer silencer;  // of texts that are invalid UTF-8
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (int change = 0; change < 2; ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    ExpectAsProtobuf(bytes);
  }
}

TEST(RowMessageTest, SplitsEncodedRows) {
  std::vector<std::string_view> rows;
  const std::string encoded = Encoded(ManyRows());
  SplitRows(encoded, rows);
  ASSERT_EQ(rows.size(), ManyRows().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::string_view> cells;
    ASSERT_TRUE(SplitRow(rows[i], cells));
    Cells expected = ManyRows()[i];
    for (std::string& cell : expected) cell = base::SanitizeUtf8(cell);
    EXPECT_EQ(Cells(cells.begin(), cells.end()), expected);
  }
}

}  // namespace
}  // namespace tql
