#include "tools/tql/edit/key_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace tql::shell {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Key::Kind;

Key Text(const std::string& text) { return {Kind::kText, false, false, text}; }
Key Control(const std::string& letter) { return {Kind::kText, true, false, letter}; }
Key Alt(const std::string& letter) { return {Kind::kText, false, true, letter}; }
Key Plain(Kind kind) { return {kind, false, false, ""}; }
Key Paste(const std::string& text) { return {Kind::kPaste, false, false, text}; }

/// The keys of the bytes, however they are split; then those after a pause.
std::vector<Key> KeysOf(std::string_view bytes) {
  KeyReader whole;
  whole.Feed(bytes);
  std::vector<Key> keys;
  while (auto key = whole.Next()) keys.push_back(*key);
  while (auto key = whole.Next(true)) keys.push_back(*key);

  KeyReader single;
  std::vector<Key> same;
  for (const char byte : bytes) {
    single.Feed({&byte, 1});
    while (auto key = single.Next()) same.push_back(*key);
  }
  while (auto key = single.Next(true)) same.push_back(*key);
  EXPECT_EQ(keys, same);
  return keys;
}

TEST(KeyReaderTest, Characters) {
  EXPECT_THAT(KeysOf("aé漢"), ElementsAre(Text("a"), Text("é"), Text("漢")));
}

TEST(KeyReaderTest, ReplacesInvalidUtf8) {
  EXPECT_THAT(KeysOf("a\xFF\x80z"),
              ElementsAre(Text("a"), Text("\uFFFD"), Text("\uFFFD"), Text("z")));
  EXPECT_THAT(KeysOf("\xE6\xBCz"), ElementsAre(Text("\uFFFD"), Text("z")));
  EXPECT_THAT(KeysOf("\xE6\xBC"), ElementsAre(Text("\uFFFD")));
}

TEST(KeyReaderTest, ControlKeys) {
  EXPECT_THAT(KeysOf(std::string_view("\x01\x1f\x00\x1a", 4)),
              ElementsAre(Control("a"), Control("_"), Control("@"), Control("z")));
  EXPECT_THAT(KeysOf("\r\n\t\x7f\b"),
              ElementsAre(Plain(Kind::kEnter), Plain(Kind::kEnter), Plain(Kind::kTab),
                          Plain(Kind::kBackspace), Plain(Kind::kBackspace)));
}

TEST(KeyReaderTest, KeysOfXtermRxvtAndConsole) {
  EXPECT_THAT(
      KeysOf("\x1b[A\x1bOB\x1b[C\x1bOD"),
      ElementsAre(Plain(Kind::kUp), Plain(Kind::kDown), Plain(Kind::kRight), Plain(Kind::kLeft)));
  EXPECT_THAT(KeysOf("\x1b[H\x1b[1~\x1b[7~\x1bOF\x1b[4~\x1b[3~\x1b[5~\x1b[6~\x1b[Z"),
              ElementsAre(Plain(Kind::kHome), Plain(Kind::kHome), Plain(Kind::kHome),
                          Plain(Kind::kEnd), Plain(Kind::kEnd), Plain(Kind::kDelete),
                          Plain(Kind::kPageUp), Plain(Kind::kPageDown), Plain(Kind::kBackTab)));
  EXPECT_THAT(KeysOf("\x1b[1;5D\x1b[1;3C\x1b[3;5~\x1bOc"),
              ElementsAre(Key{Kind::kLeft, true, false, ""}, Key{Kind::kRight, false, true, ""},
                          Key{Kind::kDelete, true, false, ""}, Key{Kind::kRight, true, false, ""}));
}

TEST(KeyReaderTest, AltIsAnEscapePrefix) {
  EXPECT_THAT(KeysOf("\x1b"
                     "b\x1b"
                     "F\x1b\r\x1b\x7f\x1b<"),
              ElementsAre(Alt("b"), Alt("f"), Key{Kind::kEnter, false, true, ""},
                          Key{Kind::kBackspace, false, true, ""}, Alt("<")));
}

TEST(KeyReaderTest, LoneEscapeIsAKey) {
  EXPECT_THAT(KeysOf("\x1b"), ElementsAre(Plain(Kind::kEscape)));
  EXPECT_THAT(KeysOf("\x1b\x1b[A"), ElementsAre(Plain(Kind::kEscape), Plain(Kind::kUp)));
  EXPECT_THAT(KeysOf("\x1b["), ElementsAre(Alt("[")));
}

TEST(KeyReaderTest, UnknownSequencesAreSkipped) {
  EXPECT_THAT(KeysOf("\x1b[[Ax"), ElementsAre(Key{}, Text("x")));
  EXPECT_THAT(KeysOf("\x1b[24~x"), ElementsAre(Key{}, Text("x")));
  EXPECT_THAT(KeysOf("\x1b[<0;12;7Mx"), ElementsAre(Key{}, Text("x")));
  EXPECT_THAT(KeysOf("\x1b[1\rx"), ElementsAre(Key{}, Plain(Kind::kEnter), Text("x")));
  EXPECT_THAT(KeysOf("\x1b[99999999999999999999~x"), ElementsAre(Key{}, Text("x")));
}

TEST(KeyReaderTest, PasteIsOneKey) {
  EXPECT_THAT(KeysOf("\x1b[200~one;\r\n\ttwo\rthree\n\x1b[31m\x03\x1b[201~x"),
              ElementsAre(Paste("one;\n\ttwo\nthree\n\x1b[31m\x03"), Text("x")));
  EXPECT_THAT(KeysOf("\x1b[200~\xFF\x1b[201~"), ElementsAre(Paste("\uFFFD")));
  EXPECT_THAT(KeysOf("\x1b[200~never ends"), IsEmpty());
}

TEST(KeyReaderTest, CtrlCEndsUnterminatedPaste) {
  EXPECT_THAT(KeysOf("\x1b[200~lost\x03"), ElementsAre(Control("c")));
}

TEST(KeyReaderTest, QuotedCharacterIsText) {
  KeyReader keys;
  keys.Feed("\x1b\r");
  keys.QuoteNext();
  EXPECT_EQ(keys.Next(), Text("\x1b"));
  EXPECT_EQ(keys.Next(), Plain(Kind::kEnter));
}

}  // namespace
}  // namespace tql::shell
