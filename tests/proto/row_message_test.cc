#include "tql/wire/row_message.h"

#include <gtest/gtest.h>

#include <string>
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

}  // namespace
}  // namespace tql
