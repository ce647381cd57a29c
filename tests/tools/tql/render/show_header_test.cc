#include "tools/tql/render/show_header.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tql::shell {
namespace {

using Parts = std::pair<std::string, std::string>;

/// The header and the data of a text that arrives in pieces of this size.
Parts Separate(std::string_view text, std::size_t piece) {
  Parts parts;
  ShowHeader header([&](std::string_view lines) { parts.first += lines; },
                    [&](std::string_view lines) { parts.second += lines; });
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    header.Add(text.substr(0, piece));
  }
  header.End();
  return parts;
}

TEST(ShowHeaderTest, HeaderInPieces) {
  const std::string header = "Schema Name|Type\n-----------|----------------\n";
  const std::string rows = "eu         |FACT\n-          |-\n--|--\n";
  for (const std::size_t piece : {1, 2, 7, 17, 1000}) {
    EXPECT_EQ(Separate(header + rows, piece), Parts(header, rows)) << piece;
    EXPECT_EQ(Separate(header, piece), Parts(header, "")) << piece;
  }
  EXPECT_EQ(Separate("a|b\r\n-|-\r\nc|d\r\n", 3), Parts("a|b\r\n-|-\r\n", "c|d\r\n"));
  EXPECT_EQ(Separate("Name\n----\neu", 3), Parts("Name\n----\n", "eu"));
}

TEST(ShowHeaderTest, HeaderAfterEchoedStatement) {
  EXPECT_EQ(Separate("show tables;\na|b\n-|-\nc|d\n", 4),
            Parts("a|b\n-|-\n", "show tables;\nc|d\n"));
}

TEST(ShowHeaderTest, AnythingElseIsData) {
  for (const std::string text : {"", "a", "a\n", "a\nb\n", "a|b\n---\nc\n", "---\n", "a|b\n-|-|-\n",
                                 "a\n\n", "a|b\n|\n", "a\n- -\n", "\n\n"}) {
    EXPECT_EQ(Separate(text, 2), Parts("", text)) << text;
  }
}

TEST(ShowHeaderTest, StatementsThatPrintTables) {
  for (const char* statement :
       {"show tables", "SHOW TABLE t", "/* a */ show statistics for server", "show schemas"}) {
    EXPECT_TRUE(ShowsTextTable(statement)) << statement;
  }
  for (const char* statement : {"show databases", "Show /* a */ Databases", "script database d",
                                "\"show\" tables", "", "select '\n", "help"}) {
    EXPECT_FALSE(ShowsTextTable(statement)) << statement;
  }
}

}  // namespace
}  // namespace tql::shell
