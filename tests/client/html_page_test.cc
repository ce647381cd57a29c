#include "client/src/html_page.h"

#include <gtest/gtest.h>

#include <string>

namespace tql {
namespace {

TEST(HtmlPage, IsDetectedByTypeOrContent) {
  EXPECT_TRUE(IsHtmlType("text/html"));
  EXPECT_TRUE(IsHtmlType("Text/HTML; charset=utf-8"));
  EXPECT_TRUE(IsHtmlType("application/xhtml+xml"));
  EXPECT_FALSE(IsHtmlType("application/json"));
  EXPECT_FALSE(IsHtmlType(""));
  EXPECT_TRUE(BeginsAsHtml("<html>"));
  EXPECT_TRUE(BeginsAsHtml("\xEF\xBB\xBF\r\n <!DOCTYPE html>"));
  EXPECT_FALSE(BeginsAsHtml(R"({"result":"<html>"})"));
  EXPECT_FALSE(BeginsAsHtml(" "));
}

TEST(HtmlPage, TitleAndText) {
  const HtmlPage page = ReadHtmlPage(
      "<!DOCTYPE html>\n<html><head><TITLE lang=en>\n 502 Bad\tGateway &amp; more </TITLE>"
      "<style>p { color: red }</style><script>alert('<b>')</script></head>\n"
      "<body><!-- <p>hidden</p> --><h1>Bad</h1><p>Try &lt;later&gt;\r\nplease</p></body></html>");
  EXPECT_EQ(page.title, "502 Bad Gateway & more");
  EXPECT_EQ(page.text, "Bad Try <later> please");
}

TEST(HtmlPage, MayBeCutAnywhere) {
  const std::string whole =
      "<html><head><title>Sign in</title><script>x</script></head><body><!-- c -->text</body>";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const HtmlPage page = ReadHtmlPage(whole.substr(0, size));
    EXPECT_TRUE(std::string("Sign in").starts_with(page.title)) << size;
    EXPECT_TRUE(std::string("text").starts_with(page.text)) << page.text;
  }
}

TEST(HtmlPage, IsShortenedBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "ä";
  const HtmlPage page = ReadHtmlPage("<title>x" + text + "</title><p>" + text);
  EXPECT_EQ(page.title.size(), 99 + std::string("…").size());
  EXPECT_EQ(page.text.size(), 200 + std::string("…").size());
  EXPECT_TRUE(page.text.ends_with("ä…"));
}

TEST(HtmlPage, IsSanitized) {
  const HtmlPage page = ReadHtmlPage(std::string("<title>a\x1b[2J\0b\xff</title>", 22));
  EXPECT_EQ(page.title, "a [2J b\xEF\xBF\xBD");
}

}  // namespace
}  // namespace tql
