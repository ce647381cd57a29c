#include "tools/tql/edit/edit_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "proto/base/utf8.h"
#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

using Unit = EditBuffer::Unit;

class EditBufferTest : public testing::Test {
 protected:
  /// The bar marks the cursor.
  void Begin(const std::string& text) {
    const std::size_t bar = text.find('|');
    buffer_.Reset(text.substr(0, bar) + text.substr(bar + 1));
    buffer_.MoveTo(bar);
  }
  std::string Now() const {
    std::string text = buffer_.text();
    return text.insert(buffer_.cursor(), "|");
  }
  std::string AfterBack(Unit unit) {
    buffer_.MoveTo(buffer_.Back(unit));
    return Now();
  }
  std::string AfterForward(Unit unit) {
    buffer_.MoveTo(buffer_.Forward(unit));
    return Now();
  }
  void Type(const std::string& text) {
    for (const char c : text) buffer_.Type({&c, 1});
  }

  EditBuffer buffer_;
};

TEST_F(EditBufferTest, CombiningMarksJoinLetter) {
  Begin("xe\u0301\u0308漢|");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "xe\u0301\u0308|漢");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "x|e\u0301\u0308漢");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "|xe\u0301\u0308漢");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "|xe\u0301\u0308漢");
  EXPECT_EQ(AfterForward(Unit::kCharacter), "x|e\u0301\u0308漢");
  EXPECT_EQ(AfterForward(Unit::kCharacter), "xe\u0301\u0308|漢");
}

// A family is three emoji with joiners, a flag two regional indicators, a hand has a modifier.
TEST_F(EditBufferTest, EmojiSequencesAreOneCharacter) {
  const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
  const std::string flags[] = {"\U0001F1E9\U0001F1EA", "\U0001F1EB\U0001F1F7"};
  const std::string hand = "\U0001F44B\U0001F3FD";
  const std::string heart = "\u2764\uFE0F";
  const std::string syllable = "\u1112\u1161\u11AB";  // A Hangul syllable as three letters.
  const std::vector<std::string> characters = {"a",  family, flags[0], flags[1],       hand,
                                               hand, heart,  syllable, "\u0915\u093F", "b"};
  std::string text;
  for (const std::string& character : characters) text += character;
  std::size_t at = 0;
  for (const std::string& character : characters) {
    EXPECT_EQ(CharacterEnd(text, at), at + character.size()) << at;
    EXPECT_EQ(CharacterBegin(text, at + character.size()), at) << at;
    at += character.size();
  }
  Begin(family + flags[0] + flags[1] + "|");
  EXPECT_EQ(AfterBack(Unit::kCharacter), family + flags[0] + "|" + flags[1]);
  EXPECT_EQ(AfterBack(Unit::kCharacter), family + "|" + flags[0] + flags[1]);
  EXPECT_EQ(AfterBack(Unit::kCharacter), "|" + family + flags[0] + flags[1]);
  EXPECT_EQ(AfterForward(Unit::kCharacter), family + "|" + flags[0] + flags[1]);
}

TEST_F(EditBufferTest, SameCharactersInBothDirections) {
  const std::u32string pieces =
      U"a "
      U"\n\t\u0301\u200D\uFE0F\U0001F468\U0001F3FD\U0001F1E9\u2764\u1112\u1161\u11AB\uAC00\u0915"
      U"\u093F"
      U"\u0600\u200B\u202E漢";
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) base::AppendUtf8(pieces[random() % pieces.size()], &text);
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < text.size();) ends.push_back(at = CharacterEnd(text, at));
    std::vector<std::size_t> begins;
    for (std::size_t at = text.size(); at > 0;) begins.push_back(at = CharacterBegin(text, at));
    std::ranges::reverse(begins);
    begins.push_back(text.size());
    ends.insert(ends.begin(), 0);
    ASSERT_EQ(begins, ends) << text;
  }
}

TEST(CharacterWidthTest, ColumnsOfATerminal) {
  EXPECT_EQ(CharacterWidth("a"), 1U);
  EXPECT_EQ(CharacterWidth("e\u0301"), 1U);
  EXPECT_EQ(CharacterWidth("漢"), 2U);
  EXPECT_EQ(CharacterWidth("\U0001F468\u200D\U0001F469\u200D\U0001F467"), 2U);
  EXPECT_EQ(CharacterWidth("\U0001F1E9\U0001F1EA"), 2U);
  EXPECT_EQ(CharacterWidth("\U0001F44B\U0001F3FD"), 2U);
  EXPECT_EQ(CharacterWidth("\u2764"), 1U);
  EXPECT_EQ(CharacterWidth("\u2764\uFE0F"), 2U);
  EXPECT_EQ(CharacterWidth("\n"), 0U);
  EXPECT_EQ(DisplayWidth("ae\u0301漢\U0001F1E9\U0001F1EA|"), 7U);
}

TEST_F(EditBufferTest, MarkWithoutLetter) {
  Begin("a\n\u0301|");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "a\n|\u0301");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "a|\n\u0301");
}

TEST_F(EditBufferTest, WordsAreLettersDigitsAndUnderscores) {
  Begin("select a_1, città|");
  EXPECT_EQ(AfterBack(Unit::kWord), "select a_1, |città");
  EXPECT_EQ(AfterBack(Unit::kWord), "select |a_1, città");
  EXPECT_EQ(AfterForward(Unit::kWord), "select a_1|, città");
  EXPECT_EQ(AfterBack(Unit::kBlankWord), "select |a_1, città");
  EXPECT_EQ(AfterForward(Unit::kBlankWord), "select a_1,| città");
}

TEST_F(EditBufferTest, LinesAndTheText) {
  Begin("one\ntw|o\nthree");
  EXPECT_EQ(AfterBack(Unit::kLine), "one\n|two\nthree");
  EXPECT_EQ(AfterBack(Unit::kLine), "one\n|two\nthree");
  EXPECT_EQ(AfterForward(Unit::kLine), "one\ntwo|\nthree");
  EXPECT_EQ(AfterBack(Unit::kText), "|one\ntwo\nthree");
  EXPECT_EQ(AfterForward(Unit::kText), "one\ntwo\nthree|");
}

TEST_F(EditBufferTest, VerticalMovementKeepsColumn) {
  Begin("abcde\nx\n漢漢漢|");
  EXPECT_TRUE(buffer_.MoveLine(false));
  EXPECT_EQ(Now(), "abcde\nx|\n漢漢漢");
  EXPECT_TRUE(buffer_.MoveLine(false));
  EXPECT_EQ(Now(), "abcde|\nx\n漢漢漢");
  EXPECT_FALSE(buffer_.MoveLine(false));
  EXPECT_TRUE(buffer_.MoveLine(true));
  EXPECT_TRUE(buffer_.MoveLine(true));
  EXPECT_EQ(Now(), "abcde\nx\n漢漢漢|");
  EXPECT_FALSE(buffer_.MoveLine(true));
}

TEST_F(EditBufferTest, EditResetsColumn) {
  Begin("abcde|\nx\nabcde");
  EXPECT_TRUE(buffer_.MoveLine(true));
  buffer_.Type("y");
  EXPECT_TRUE(buffer_.MoveLine(true));
  EXPECT_EQ(Now(), "abcde\nxy\nab|cde");
}

TEST_F(EditBufferTest, ConsecutiveKillsAreJoined) {
  Begin("select one, |two");
  buffer_.KillTo(buffer_.Back(Unit::kBlankWord));
  buffer_.KillTo(buffer_.Forward(Unit::kText));
  EXPECT_EQ(Now(), "select |");
  buffer_.Yank();
  EXPECT_EQ(Now(), "select one, two|");
  buffer_.KillTo(buffer_.Back(Unit::kWord));
  buffer_.Yank();
  EXPECT_EQ(Now(), "select one, two|");
  buffer_.Reset("");
  buffer_.Yank();
  EXPECT_EQ(Now(), "two|");
}

TEST_F(EditBufferTest, TransposeAtEndOfLine) {
  Begin("ab|c\nx");
  buffer_.Transpose();
  EXPECT_EQ(Now(), "acb|\nx");
  buffer_.Transpose();
  EXPECT_EQ(Now(), "abc|\nx");
  for (const char* nothing : {"|abc", "a|\nx", "a\n|bc"}) {
    Begin(nothing);
    buffer_.Transpose();
    EXPECT_EQ(Now(), nothing);
  }
}

TEST_F(EditBufferTest, CasesOfAWord) {
  Begin("| fROM x");
  buffer_.ChangeCase(EditBuffer::Case::kUpper);
  EXPECT_EQ(Now(), " FROM| x");
  Begin("| fROM x");
  buffer_.ChangeCase(EditBuffer::Case::kLower);
  EXPECT_EQ(Now(), " from| x");
  Begin("| fROM x");
  buffer_.ChangeCase(EditBuffer::Case::kCapital);
  EXPECT_EQ(Now(), " From| x");
}

TEST_F(EditBufferTest, UndoIsPerWord) {
  Type("select one");
  buffer_.EraseTo(buffer_.Back(Unit::kCharacter));
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "select one|");
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "select |");
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "|");
  EXPECT_FALSE(buffer_.Undo());
}

TEST_F(EditBufferTest, UndoRevertsEveryKindOfChange) {
  Begin("ab cd|");
  buffer_.Insert("\npasted text");
  buffer_.KillTo(buffer_.Back(Unit::kText));
  buffer_.Yank();
  buffer_.ReplaceBefore(4, "word");
  buffer_.MoveTo(0);
  buffer_.ChangeCase(EditBuffer::Case::kUpper);
  EXPECT_EQ(Now(), "AB| cd\npasted word");
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "|ab cd\npasted word");
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "ab cd\npasted text|");
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "|");
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "ab cd\npasted text|");
  EXPECT_TRUE(buffer_.Undo());
  EXPECT_EQ(Now(), "ab cd|");
  EXPECT_FALSE(buffer_.Undo());
}

}  // namespace
}  // namespace tql::shell
