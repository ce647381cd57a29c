#include "tools/tql/edit/screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "proto/base/utf8.h"
#include "tools/tql/edit/layout.h"

namespace tql::shell {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string TextOf(const Row& row) {
  std::string text;
  for (const Cell& cell : row.cells) text += cell.text;
  return text;
}
std::vector<std::string> TextsOf(const std::vector<Row>& rows) {
  std::vector<std::string> texts;
  for (const Row& row : rows) texts.push_back(TextOf(row));
  return texts;
}

/// A terminal with the features that frames of ASCII and CJK need.
class Terminal {
 public:
  Terminal(std::size_t rows, std::size_t columns) : size_{rows, columns}, cells_(1) {}

  void Write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (bytes.starts_with("\x1b[")) {
        const std::size_t end = bytes.find_first_not_of("0123456789;", 2);
        const std::string number(bytes.substr(2, end - 2));
        Sequence(number.empty() ? 1 : std::stoul(number), bytes[end]);
        bytes.remove_prefix(end + 1);
        continue;
      }
      const std::size_t length = base::DecodeUtf8(bytes.data(), bytes.data() + bytes.size()).length;
      Put(std::string(bytes.substr(0, length)), length == 3 ? 2 : 1);
      bytes.remove_prefix(length);
    }
  }
  std::vector<std::string> Shown() const {
    std::vector<std::string> rows;
    for (const auto& row : cells_) {
      std::string text;
      for (const std::string& cell : row) text += cell;
      while (text.ends_with(' ')) text.pop_back();
      rows.push_back(text);
    }
    return rows;
  }
  std::size_t row() const { return row_; }
  std::size_t column() const { return column_; }

 private:
  void Put(const std::string& character, std::size_t width) {
    if (character == "\r" || character == "\n") {
      column_ = 0;
      if (character == "\n") NextRow();
      return;
    }
    if (column_ + width > size_.columns) {
      column_ = 0;
      NextRow();
    }
    auto& row = cells_[row_];
    row.resize(std::max(row.size(), column_ + width), " ");
    row[column_] = character;
    if (width == 2) row[column_ + 1] = "";
    column_ += width;
  }
  void NextRow() {
    if (++row_ == cells_.size()) cells_.emplace_back();
    if (cells_.size() > size_.rows) {
      cells_.erase(cells_.begin());
      --row_;
    }
  }
  void Sequence(std::size_t count, char kind) {
    if (kind == 'm') return;
    EXPECT_TRUE(column_ < size_.columns || kind == 'm') << "the place is not known here";
    if (kind == 'A') row_ -= std::min(row_, count);
    if (kind == 'B') row_ = std::min(row_ + count, cells_.size() - 1);
    if (kind == 'C') column_ += count;
    if (kind == 'K' || kind == 'J') {
      cells_[row_].resize(std::min(cells_[row_].size(), column_));
    }
    if (kind == 'J') cells_.resize(row_ + 1);
  }

  const Size size_;
  std::vector<std::vector<std::string>> cells_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

class ScreenTest : public testing::Test {
 protected:
  Frame Make(const std::string& text, Size size = {24, 80}) {
    return MakeAt(text, text.size(), size);
  }
  Frame MakeAt(const std::string& text, std::size_t cursor, Size size = {24, 80}) {
    Drawing drawing;
    drawing.prompt = "tql> ";
    drawing.continuation = "> ";
    drawing.text = text;
    drawing.cursor = cursor;
    drawing.spans = spans_;
    drawing.below = below_;
    return layout_.Make(drawing, size);
  }

  Layout layout_;
  Screen screen_;
  std::vector<Span> spans_;
  std::vector<Row> below_;
};

TEST_F(ScreenTest, LinesHaveTheirPrompts) {
  const Frame frame = MakeAt("one\ntwo", 5);
  EXPECT_THAT(TextsOf(frame.rows), ElementsAre("tql> one", "> two"));
  EXPECT_EQ(frame.cursor_row, 1U);
  EXPECT_EQ(frame.cursor_column, 3U);
}

TEST_F(ScreenTest, LongLinesWrap) {
  const Frame frame = Make("12345678901", {24, 10});
  EXPECT_THAT(TextsOf(frame.rows), ElementsAre("tql> 12345", "678901"));
  EXPECT_TRUE(frame.rows[0].wraps);
  EXPECT_FALSE(frame.rows[1].wraps);
  EXPECT_EQ(frame.cursor_column, 6U);
}

TEST_F(ScreenTest, CursorAfterFullRow) {
  const Frame frame = Make("12345", {24, 10});
  EXPECT_THAT(TextsOf(frame.rows), ElementsAre("tql> 12345", ""));
  EXPECT_EQ(frame.cursor_row, 1U);
  EXPECT_EQ(frame.cursor_column, 0U);
  EXPECT_THAT(TextsOf(MakeAt("12345\n6", 0, {24, 10}).rows), ElementsAre("tql> 12345", "> 6"));
}

TEST_F(ScreenTest, WideCharactersAreNotSplit) {
  const Frame frame = Make("1234漢漢", {24, 10});
  EXPECT_THAT(TextsOf(frame.rows), ElementsAre("tql> 1234", "漢漢"));
  EXPECT_FALSE(frame.rows[0].wraps);
  EXPECT_EQ(frame.cursor_column, 4U);
}

TEST_F(ScreenTest, MarksTakeNoColumn) {
  const Frame frame = MakeAt("e\u0301x", 3);
  EXPECT_EQ(frame.cursor_column, 6U);
  EXPECT_EQ(TextOf(frame.rows[0]), "tql> e\u0301x");
}

TEST_F(ScreenTest, ControlCharactersAreEscaped) {
  EXPECT_EQ(TextOf(Make("\x1b[2J\x7f\u009b\u202e").rows[0]), "tql> ^[[2J^?\\x9b\\u202e");
  EXPECT_EQ(TextOf(Make("a\tb").rows[0]), "tql> a  b");
}

TEST_F(ScreenTest, TallTextShowsCursor) {
  std::string text = "0";
  for (int i = 1; i < 20; ++i) text += "\n" + std::to_string(i);
  EXPECT_THAT(TextsOf(Make(text, {3, 20}).rows), ElementsAre("> 17", "> 18", "> 19"));
  const std::size_t in_18 = text.find("18");
  EXPECT_THAT(TextsOf(MakeAt(text, in_18, {3, 20}).rows), ElementsAre("> 17", "> 18", "> 19"));
  const std::size_t in_10 = text.find("10");
  const Frame frame = MakeAt(text, in_10, {3, 20});
  EXPECT_THAT(TextsOf(frame.rows), ElementsAre("> 10", "> 11", "> 12"));
  EXPECT_EQ(frame.cursor_row, 0U);
  EXPECT_THAT(TextsOf(MakeAt(text, 0, {3, 20}).rows), ElementsAre("tql> 0", "> 1", "> 2"));
  Make(text, {3, 20});
  EXPECT_THAT(TextsOf(Make("0\n1", {3, 20}).rows), ElementsAre("tql> 0", "> 1"));
}

TEST_F(ScreenTest, TallLineShowsCursor) {
  const std::string text(100, 'x');
  const Frame frame = Make(text + "y", {3, 10});
  EXPECT_THAT(TextsOf(frame.rows), ElementsAre("xxxxxxxxxx", "xxxxxxxxxx", "xxxxxy"));
  EXPECT_EQ(frame.cursor_row, 2U);
}

TEST_F(ScreenTest, SpansGiveTheirInk) {
  spans_ = {{0, 2, Ink::kKeyword}, {3, 4, Ink::kNumber}};
  const Frame frame = Make("ab 1 c");
  std::vector<Ink> inks;
  for (const Cell& cell : frame.rows[0].cells) inks.push_back(cell.ink);
  inks.erase(inks.begin(), inks.begin() + 5);
  EXPECT_THAT(inks, ElementsAre(Ink::kKeyword, Ink::kKeyword, Ink::kPlain, Ink::kNumber,
                                Ink::kPlain, Ink::kPlain));
}

TEST_F(ScreenTest, ListHasColumns) {
  const std::vector<std::string> words = {"select", "set", "show", "漢", "evil\x1b[2J"};
  EXPECT_THAT(TextsOf(ListRows(words, 5, 30, 4)),
              ElementsAre("select       set", "show         漢", "evil\\x1b[2J"));
  EXPECT_THAT(TextsOf(ListRows(words, 5, 10, 2)), ElementsAre("select", "..."));
  EXPECT_THAT(TextsOf(ListRows(words, 5, 4, 1)), ElementsAre("..."));
  EXPECT_EQ(ListRows(words, 1, 30, 4)[0].cells[13].ink, Ink::kChosen);
  EXPECT_THAT(ListRows(words, 1, 30, 0), testing::IsEmpty());
}

TEST_F(ScreenTest, PaintsOnlyChanges) {
  screen_.Resize(80);
  EXPECT_EQ(screen_.Paint(Make("se"), false), "tql> se");
  EXPECT_EQ(screen_.Paint(Make("sel"), false), "l");
  EXPECT_EQ(screen_.Paint(Make("sel"), false), "");
  EXPECT_EQ(screen_.Paint(MakeAt("sel", 1), false), "\r\x1b[6C");
  EXPECT_EQ(screen_.Paint(Make("se"), false), "\x1b[C\x1b[K");
}

TEST_F(ScreenTest, WrappedLineIsWrittenAsOne) {
  screen_.Resize(10);
  EXPECT_EQ(screen_.Paint(Make("12345678901", {24, 10}), false), "tql> 12345678901");
}

TEST_F(ScreenTest, ResetsColorAfterText) {
  spans_ = {{0, 2, Ink::kKeyword}};
  EXPECT_EQ(screen_.Paint(Make("ab c"), true), "tql> \x1b[0;1;34mab\x1b[m c");
  screen_.Forget();
  EXPECT_EQ(screen_.Paint(Make("ab"), true), "tql> \x1b[0;1;34mab\x1b[m");
  screen_.Forget();
  EXPECT_THAT(screen_.Paint(Make("ab"), false), Not(HasSubstr("\x1b")));
}

TEST_F(ScreenTest, ResizeErasesFromFirstRow) {
  screen_.Resize(20);
  screen_.Paint(Make("12345678901234567890\nx", {24, 20}), false);
  // At 10 columns, the 25 characters of the first line take three rows, and one more above the
  // cursor's.
  EXPECT_EQ(screen_.Resize(10), "\r\x1b[3A\x1b[J");
  EXPECT_EQ(screen_.Resize(10), "");
}

/// After any edit, the terminal shows the same as after painting everything anew.
TEST_F(ScreenTest, MatchesFullRepaint) {
  std::mt19937 random(1);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::vector<std::string> pieces = {"a", "漢", "\n", " ", "12345", "漢字漢字", "\n\n", ""};
  for (const std::size_t columns : {2, 7, 20}) {
    const Size size{5, columns};
    Layout layout;
    Screen screen;
    Terminal terminal(size.rows, size.columns);
    terminal.Write(screen.Resize(columns));
    std::vector<std::string> text;  // Characters.
    for (int i = 0; i < 3000; ++i) {
      const std::size_t at = below(text.size() + 1);
      if (below(3) == 0 || text.size() > 60) {
        const std::size_t count = below(text.size() - at + 1);
        text.erase(text.begin() + static_cast<std::ptrdiff_t>(at),
                   text.begin() + static_cast<std::ptrdiff_t>(at + count));
      } else {
        text.insert(text.begin() + static_cast<std::ptrdiff_t>(at), pieces[below(pieces.size())]);
      }
      std::string whole;
      std::size_t cursor = 0;
      const std::size_t place = below(text.size() + 1);
      for (std::size_t k = 0; k < text.size(); ++k) {
        if (k == place) cursor = whole.size();
        whole += text[k];
      }
      if (place == text.size()) cursor = whole.size();
      below_.assign(below(3), Row{{Cell{"L"}}, false});
      Drawing drawing{"t> ", "> ", whole, cursor, {}, below_};
      const Frame frame = layout.Make(drawing, size);
      ASSERT_LE(frame.rows.size(), size.rows);
      for (const Row& row : frame.rows) ASSERT_LE(WidthOf(row.cells), columns);
      terminal.Write(screen.Paint(frame, false));
      std::vector<std::string> expected = TextsOf(frame.rows);
      for (std::string& row : expected) {
        while (row.ends_with(' ')) row.pop_back();
      }
      std::vector<std::string> shown = terminal.Shown();
      ASSERT_GE(terminal.row(), frame.cursor_row);
      const std::size_t above = terminal.row() - frame.cursor_row;
      shown.erase(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(above));
      while (shown.size() > expected.size() && shown.back().empty()) shown.pop_back();
      ASSERT_EQ(shown, expected) << "step " << i;
      ASSERT_EQ(terminal.column(), frame.cursor_column);
    }
  }
}

}  // namespace
}  // namespace tql::shell
