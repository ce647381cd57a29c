#include "mockserver/upstream/plan_text.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/base/utf8.h"
#include "proto/document/document.h"

namespace tql::upstream {
namespace {

/// Reads the text back, as the value of a key in a flow map.
std::string ReadBack(const std::string& text) {
  std::string yaml = "a: {b: ";
  AppendYamlString(text, &yaml);
  const StatusOr<document::Node> node = document::ParseYaml(yaml + "}");
  if (!node.ok()) return "error: " + node.status().message();
  return node->entries[0].value.entries[0].value.text;
}

TEST(PlanTextTest, EveryCharacterIsReadBack) {
  constexpr char32_t kLast = 0x10FFFF;
  std::string text;
  for (char32_t c = 1; c <= kLast; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;  // no characters
    base::AppendUtf8(c, &text);
    const bool full = text.size() > 4000;
    if (!full && c != kLast) continue;
    ASSERT_EQ(ReadBack(text), text) << "up to " << static_cast<unsigned>(c);
    text.clear();
    if (c > 0x3000) c += 97;  // a sample of the rest
  }
}

TEST(PlanTextTest, TextsThatLookLikeYaml) {
  for (const char* text :
       {"", " ", "~", "null", "true", "- a", "a: b", "# no comment", "\"", "\\", "\\u0041", "{a: [",
        "a\r\nb", "\n\n", "---", "%TAG", "!!str x", "&a", "*a"}) {
    EXPECT_EQ(ReadBack(text), text);
  }
}

TEST(PlanTextTest, InvalidUtf8IsReplacedAndNulIsKept) {
  EXPECT_EQ(ReadBack("a\xFF"), "a\uFFFD");
  std::string yaml;
  AppendYamlString(std::string("a\0b", 3), &yaml);
  EXPECT_NE(yaml.find('\0'), std::string::npos);
}

}  // namespace
}  // namespace tql::upstream
