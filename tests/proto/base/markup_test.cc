#include "proto/base/markup.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::base {
namespace {

TEST(MarkupTest, EscapesWhatHasAMeaningInMarkup) {
  EXPECT_EQ(EscapedMarkup("<a b=\"&\">"), "&lt;a b=&quot;&amp;&quot;&gt;");
  EXPECT_EQ(EscapedMarkup("caf\u00E9 'x'"), "caf\u00E9 'x'");
}

// XML 1.0, section 3.3.3: an attribute keeps a line break and a tab only as a reference.
TEST(MarkupTest, LineBreaksAndTabsAreReferences) {
  EXPECT_EQ(EscapedMarkup("a\n\tb"), "a&#10;&#9;b");
}

// XML 1.0, section 2.2: the characters of a document.
TEST(MarkupTest, ReplacesWhatXmlForbids) {
  EXPECT_EQ(EscapedMarkup(std::string("\x1b\0\r", 3)), "#x1B#x00#x0D");
  EXPECT_EQ(EscapedMarkup("\xEF\xBF\xBE\xEF\xBF\xBF"), "#xFFFE#xFFFF");
  EXPECT_EQ(EscapedMarkup("\xff"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace tql::base
