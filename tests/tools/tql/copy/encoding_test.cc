#include "tools/tql/copy/encoding.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tql::shell {
namespace {

std::string Encoded(std::string_view text, const std::string& encoding) {
  const auto transcoder = Transcoder::ToEncoding(encoding);
  std::string bytes;
  Status status = transcoder->Convert(text, &bytes);
  if (status.ok()) status = transcoder->Finish(&bytes);
  return status.ok() ? bytes : bytes + " | " + status.message();
}

std::string Decoded(std::string_view bytes, const std::string& encoding, std::size_t piece) {
  DecodingReader reader(
      [&](char* into, std::size_t size) -> StatusOr<std::size_t> {
        const std::size_t count = bytes.copy(into, std::min(piece, size));
        bytes.remove_prefix(count);
        return count;
      },
      encoding);
  std::string text;
  char block[3];
  for (;;) {
    const StatusOr<std::size_t> count = reader.Read(block, sizeof block);
    if (!count.ok()) return text + " | " + count.status().message();
    if (*count == 0) return text;
    text.append(block, *count);
  }
}

// The bytes are those of the codecs of Python 3.11.
TEST(EncodingTest, ThereAndBack) {
  const struct {
    const char* name;
    std::string_view text;
    std::string_view bytes;
  } cases[] = {{"latin1", "é\nÿ", "\xE9\n\xFF"},
               {"windows-1252", "€–é", "\x80\x96\xE9"},
               {"WIN1252", "€", "\x80"},
               {"LATIN9", "€", "\xA4"},
               {"koi8r", "да", "\xC4\xC1"},
               {"EUC_JP", "日本", "\xC6\xFC\xCB\xDC"},
               {"utf-16le", "aé", {"a\0\xE9\0", 4}},
               {"iso-2022-jp", "日a", "\x1B$BF|\x1B(Ba"},
               {"ISO-2022-JP", "日", "\x1B$BF|\x1B(B"}};
  for (const auto& c : cases) {
    const std::optional<std::string> encoding = EncodingOf(c.name);
    ASSERT_TRUE(encoding) << c.name;
    EXPECT_EQ(Encoded(c.text, *encoding), c.bytes) << c.name;
    for (const std::size_t piece : {1, 2, 1000}) {
      EXPECT_EQ(Decoded(c.bytes, *encoding, piece), c.text) << c.name;
    }
  }
}

TEST(EncodingTest, Utf8NeedsNone) {
  for (const char* name : {"utf8", "UTF-8", "Unicode", "utf_8"}) {
    EXPECT_EQ(EncodingOf(name), "") << name;
  }
}

TEST(EncodingTest, NamesThatAreNone) {
  for (const char* name : {"", "-", "latin1//TRANSLIT", "a,b", "no such", "never", "é"}) {
    EXPECT_FALSE(EncodingOf(name)) << name;
  }
  EXPECT_FALSE(EncodingOf(std::string(1000, '8')));
}

TEST(EncodingTest, ErrorsNameByteOrCharacter) {
  EXPECT_EQ(Encoded("a€b", "latin1"),
            "a | the character '€' does not exist in the encoding latin1");
  EXPECT_EQ(Decoded("a\nb\x81", "windows-1252", 1),
            "a\nb | line 2: not windows-1252: the byte 0x81");
  EXPECT_EQ(Decoded("a\xC6", "EUC-JP", 10),
            "a | line 1: not EUC-JP: an incomplete character at the end");
}

TEST(EncodingTest, MuchText) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "é€\n";
  EXPECT_EQ(Decoded(Encoded(text, "windows-1252"), "windows-1252", 4096), text);
}

}  // namespace
}  // namespace tql::shell
