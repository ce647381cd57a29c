#include "tools/tql/edit_buffer.h"

#include <gtest/gtest.h>

#include <clocale>

namespace tql::shell {
namespace {

using Unit = EditBuffer::Unit;

class EditBufferTest : public testing::Test {
 protected:
  EditBufferTest() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

  /// The bar is the cursor.
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

TEST_F(EditBufferTest, ALetterAndItsMarksAreOneCharacter) {
  Begin("xe\u0301\u0308漢|");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "xe\u0301\u0308|漢");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "x|e\u0301\u0308漢");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "|xe\u0301\u0308漢");
  EXPECT_EQ(AfterBack(Unit::kCharacter), "|xe\u0301\u0308漢");
  EXPECT_EQ(AfterForward(Unit::kCharacter), "x|e\u0301\u0308漢");
  EXPECT_EQ(AfterForward(Unit::kCharacter), "xe\u0301\u0308|漢");
}

TEST_F(EditBufferTest, AMarkWithoutALetterStandsAlone) {
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

TEST_F(EditBufferTest, LineToLineKeepsTheColumn) {
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

TEST_F(EditBufferTest, AnEditForgetsTheColumn) {
  Begin("abcde|\nx\nabcde");
  EXPECT_TRUE(buffer_.MoveLine(true));
  buffer_.Type("y");
  EXPECT_TRUE(buffer_.MoveLine(true));
  EXPECT_EQ(Now(), "abcde\nxy\nab|cde");
}

TEST_F(EditBufferTest, KillsThatFollowOneAnotherComeBackAsOne) {
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

TEST_F(EditBufferTest, TransposeTakesTheLastTwoAtTheEndOfALine) {
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

TEST_F(EditBufferTest, UndoTakesBackWordByWord) {
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

TEST_F(EditBufferTest, UndoTakesBackEachKindOfChange) {
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
